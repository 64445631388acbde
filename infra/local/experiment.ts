const NAME = 'edge-llm-cache'

/** The id of the first experiment in a new MLflow database, where "Default" is 0. */
export const FIRST_EXPERIMENT_ID = '1'

/** The id of the stack's experiment in this MLflow. Creates it if it is missing. */
export async function experimentId(mlflowUrl: string): Promise<string> {
  const api = `${mlflowUrl}/api/2.0/mlflow/experiments`
  const found = await fetch(`${api}/get-by-name?experiment_name=${NAME}`).catch(() => {
    throw new Error(`MLflow does not answer at ${mlflowUrl}.`)
  })
  if (found.ok) {
    const { experiment } = (await found.json()) as { experiment: { experiment_id: string } }
    return experiment.experiment_id
  }
  const created = await fetch(`${api}/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: NAME }),
  })
  if (!created.ok) {
    throw new Error(`MLflow did not create the experiment ${NAME}: ${await created.text()}`)
  }
  return ((await created.json()) as { experiment_id: string }).experiment_id
}
