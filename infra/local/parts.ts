import { join } from 'node:path'

/**
 * The parts of the local stack, as data: what runs, with which settings, and how to tell that it
 * answers. The gateway itself is not here; `gateway.ts` adds it for `make dev`.
 */

export const partNames = ['qdrant', 'embeddings', 'chat', 'judge', 'mlflow', 'litellm'] as const
export type PartName = (typeof partNames)[number]

/** What a part needs to know about the rest of the stack. */
export interface StackEnvironment {
  /** Base address of each part, without a trailing slash. */
  urls: Record<PartName, string>
  masterKey: string
  qdrantKey: string
  experimentId: string
}

export interface Part {
  /** The setting that changes the port. */
  portSetting: string
  defaultPort: number
  /** A shell command. PORT and REPOSITORY are set; the working directory is the part's data folder. */
  command: string
  /** The path that answers 2xx once the part is ready. */
  ready: string
  /** The setting that names an external server, which replaces this part. */
  replacedBy: 'QDRANT_URL' | 'LITELLM_URL' | 'MLFLOW_URL'
  environment?: (environment: StackEnvironment) => Record<string, string>
}

/** Keeps LiteLLM and MLflow off the network at start, and their logs short. */
const quiet = {
  DO_NOT_TRACK: 'true',
  GIT_PYTHON_REFRESH: 'quiet',
  HF_HUB_OFFLINE: '1',
  LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS: 'True',
  LITELLM_LOCAL_BLOG_POSTS: 'True',
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  LITELLM_LOG: 'ERROR',
  LITELLM_TELEMETRY: 'False',
  MLFLOW_DISABLE_TELEMETRY: 'true',
  NO_PROXY: '127.0.0.1,localhost',
  TRANSFORMERS_OFFLINE: '1',
}

export const parts: Record<PartName, Part> = {
  qdrant: {
    portSetting: 'QDRANT_PORT',
    defaultPort: 6333,
    command: 'python -m qdrant_server --data . --port $PORT',
    ready: '/healthz',
    replacedBy: 'QDRANT_URL',
    environment: ({ qdrantKey }) => ({ QDRANT_API_KEY: qdrantKey }),
  },
  embeddings: {
    portSetting: 'EMBEDDINGS_PORT',
    defaultPort: 8080,
    command: 'python "$REPOSITORY/infra/local/embeddings.py" --port $PORT',
    ready: '/health',
    // Only LiteLLM requests embeddings.
    replacedBy: 'LITELLM_URL',
  },
  chat: {
    portSetting: 'CHAT_PORT',
    defaultPort: 8081,
    command: 'python "$REPOSITORY/infra/local/chat.py" --port $PORT',
    ready: '/health',
    replacedBy: 'LITELLM_URL',
  },
  judge: {
    portSetting: 'JUDGE_PORT',
    defaultPort: 8082,
    command: 'python "$REPOSITORY/infra/local/judge.py" --port $PORT',
    ready: '/health',
    replacedBy: 'LITELLM_URL',
    // It scores one pair per thread. More threads per matrix product would busy-wait.
    environment: () => ({ OPENBLAS_NUM_THREADS: '1' }),
  },
  mlflow: {
    portSetting: 'MLFLOW_PORT',
    defaultPort: 5000,
    command:
      'mlflow server --host 127.0.0.1 --port $PORT --workers 1 ' +
      '--backend-store-uri sqlite:///mlflow.db --artifacts-destination artifacts',
    ready: '/health',
    replacedBy: 'MLFLOW_URL',
    environment: () => ({
      ...quiet,
      // Its seven job workers take 4 GB, and showing traces needs none.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      PYTHONPATH: join(import.meta.dirname, 'without_litellm'),
    }),
  },
  litellm: {
    portSetting: 'LITELLM_PORT',
    defaultPort: 4000,
    command: 'litellm --config "$REPOSITORY/litellm-config.yaml" --host 127.0.0.1 --port $PORT',
    ready: '/health/liveliness',
    replacedBy: 'LITELLM_URL',
    environment: ({ urls, masterKey, qdrantKey, experimentId }) => ({
      ...quiet,
      LITELLM_MASTER_KEY: masterKey,
      QDRANT_URL: urls.qdrant,
      QDRANT_API_KEY: qdrantKey,
      EMBEDDINGS_API_BASE: `${urls.embeddings}/v1`,
      LOCAL_CHAT_API_BASE: `${urls.chat}/v1`,
      SEMANTIC_JUDGE_API_BASE: `${urls.judge}/v1`,
      // One span tree below the gateway's. Version 1 makes two and logs every header.
      LITELLM_OTEL_V2: 'true',
      OTEL_SERVICE_NAME: 'litellm',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: urls.mlflow,
      OTEL_EXPORTER_OTLP_HEADERS: `x-mlflow-experiment-id=${experimentId}`,
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'span_only',
      // In ms: spans appear at once instead of after 5 s.
      OTEL_BSP_SCHEDULE_DELAY: '500',
    }),
  },
}
