/** The part of the runtime's `node:async_hooks` that is used: the types of Workers do not include it. */
declare module 'node:async_hooks' {
  export class AsyncLocalStorage<Value> {
    run<Result>(value: Value, work: () => Result): Result
    getStore(): Value | undefined
  }
}
