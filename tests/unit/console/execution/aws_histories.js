/**
 * Histories as AWS gives them, written by hand.
 *
 * Sources: the Step Functions API Reference (GetExecutionHistory, HistoryEvent and the pages of each EventDetails) for
 * types and members; the Developer Guide ("Inline Map", "Parallel workflow state", "Redriving executions", "Nested
 * executions", "Handling errors", "Transforming data with JSONata") for which events follow which. An event names the
 * one before it on its own way: those of an iteration lead back to its MapIterationStarted, those of a branch to
 * ParallelStateStarted.
 */

const BEGIN = Date.UTC(2026, 8, 1, 3, 0, 0);

/** @param {number} id @param {number} previousEventId @param {number} seconds @param {string} type @param {Record<string, unknown>} [details] */
function event(id, previousEventId, seconds, type, details) {
  const member = `${type.replace(/^(?:Choice|Fail|Map|Parallel|Pass|Succeed|Task|Wait)State(Entered|Exited)$/, "State$1")}EventDetails`;
  const told = details === undefined ? {} : { [member.charAt(0).toLowerCase() + member.slice(1)]: details };
  return { id, previousEventId, timestamp: new Date(BEGIN + seconds * 1000).toISOString(), type, ...told };
}
export { event };

const lambda = { resourceType: "lambda", resource: "invoke" };

/** A Map with two iterations at once: the second fails after a retry, the first is aborted, the Map catches it. */
export const inlineMap = [
  event(1, 0, 0, "ExecutionStarted", { input: '{"items":[1,2]}', inputDetails: { truncated: false }, roleArn: "arn:aws:iam::111111111111:role/machine" }),
  event(2, 0, 0, "MapStateEntered", { name: "Each", input: '{"items":[1,2]}' }),
  event(3, 2, 0, "MapStateStarted", { length: 2 }),
  event(4, 3, 0, "MapIterationStarted", { name: "Each", index: 0 }),
  event(5, 4, 0, "TaskStateEntered", { name: "Work", input: "1" }),
  event(6, 3, 0, "MapIterationStarted", { name: "Each", index: 1 }),
  event(7, 6, 0, "TaskStateEntered", { name: "Work", input: "2" }),
  event(8, 7, 1, "TaskScheduled", { ...lambda, region: "us-east-1", parameters: '{"Payload":2}' }),
  event(9, 5, 1, "TaskScheduled", { ...lambda, region: "us-east-1", parameters: '{"Payload":1}' }),
  event(10, 8, 1, "TaskStarted", lambda),
  event(11, 9, 1, "TaskStarted", lambda),
  event(12, 10, 2, "TaskFailed", { ...lambda, error: "TooBusy", cause: "first" }),
  event(13, 12, 4, "TaskScheduled", { ...lambda, region: "us-east-1", parameters: '{"Payload":2}' }),
  event(14, 13, 4, "TaskStarted", lambda),
  event(15, 14, 5, "TaskFailed", { ...lambda, error: "Broken", cause: "second" }),
  event(16, 15, 5, "MapIterationFailed", { name: "Each", index: 1 }),
  event(17, 11, 5, "TaskStateAborted"),
  event(18, 17, 5, "MapIterationAborted", { name: "Each", index: 0 }),
  event(19, 16, 5, "MapStateFailed"),
  event(20, 19, 5, "MapStateExited", { name: "Each", output: '{"failure":{"Error":"Broken","Cause":"second"}}' }),
  event(21, 20, 5, "PassStateEntered", { name: "TellIt", input: "{}" }),
  event(22, 21, 5, "PassStateExited", { name: "TellIt", output: "{}" }),
  event(23, 22, 6, "ExecutionSucceeded", { output: "{}" }),
];

export const inlineMapDefinition = {
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "Work", States: { Work: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true } } },
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "TellIt" }],
      Next: "Done",
    },
    TellIt: { Type: "Pass", End: true },
    Done: { Type: "Succeed" },
  },
};

/** A Parallel with two branches: one waits, the other fails; nothing catches it. */
export const parallelFailed = [
  event(1, 0, 0, "ExecutionStarted", { input: "{}" }),
  event(2, 0, 0, "ParallelStateEntered", { name: "Both", input: "{}" }),
  event(3, 2, 0, "ParallelStateStarted"),
  event(4, 3, 0, "WaitStateEntered", { name: "Sleep", input: "{}" }),
  event(5, 3, 0, "PassStateEntered", { name: "Prepare", input: "{}" }),
  event(6, 5, 0, "PassStateExited", { name: "Prepare", output: "{}" }),
  event(7, 6, 0, "FailStateEntered", { name: "GiveUp", input: "{}" }),
  event(8, 4, 1, "WaitStateAborted"),
  event(9, 7, 1, "ParallelStateFailed"),
  event(10, 9, 1, "ExecutionFailed", { error: "NotToday", cause: "the branch said no" }),
];

/** An execution that failed, was driven again, and succeeded: the failed state is scheduled again. */
export const redriven = [
  event(1, 0, 0, "ExecutionStarted", { input: "{}" }),
  event(2, 0, 0, "TaskStateEntered", { name: "Load", input: "{}" }),
  event(3, 2, 0, "TaskScheduled", { ...lambda, region: "us-east-1", parameters: "{}" }),
  event(4, 3, 0, "TaskStarted", lambda),
  event(5, 4, 1, "TaskFailed", { ...lambda, error: "Broken", cause: "no room" }),
  event(6, 5, 1, "ExecutionFailed", { error: "Broken", cause: "no room" }),
  event(7, 6, 600, "ExecutionRedriven", { redriveCount: 1 }),
  event(8, 7, 600, "TaskScheduled", { ...lambda, region: "us-east-1", parameters: "{}" }),
  event(9, 8, 600, "TaskStarted", lambda),
  event(10, 9, 601, "TaskSucceeded", { ...lambda, output: "{}" }),
  event(11, 10, 601, "TaskStateExited", { name: "Load", output: "{}" }),
  event(12, 11, 601, "ExecutionSucceeded", { output: "{}" }),
];

const CHILD = "arn:aws:states:us-east-1:111111111111:execution:inner:one";

/** A Distributed Map, then an execution started and waited for, which fails; a timeout ends all of it. */
export const distributedMap = [
  event(1, 0, 0, "ExecutionStarted", { input: "{}" }),
  event(2, 0, 0, "MapStateEntered", { name: "Items", input: "{}" }),
  event(3, 2, 0, "MapStateStarted", { length: 0 }),
  event(4, 3, 0, "MapRunStarted", { mapRunArn: "arn:aws:states:us-east-1:111111111111:mapRun:outer/Items:4d2f" }),
  event(5, 4, 9, "MapRunFailed", { error: "States.ExceedToleratedFailureThreshold", cause: "1 of 3 items" }),
  event(6, 5, 9, "MapStateFailed"),
  event(7, 6, 9, "MapStateExited", { name: "Items", output: "{}" }),
  event(8, 7, 9, "TaskStateEntered", { name: "Inner", input: "{}" }),
  event(9, 8, 9, "TaskScheduled", { resourceType: "states", resource: "startExecution.sync:2", region: "us-east-1", parameters: "{}" }),
  event(10, 9, 9, "TaskStarted", { resourceType: "states", resource: "startExecution.sync:2" }),
  event(11, 10, 9, "TaskSubmitted", { resourceType: "states", resource: "startExecution.sync:2", output: JSON.stringify({ ExecutionArn: CHILD }) }),
  event(12, 11, 60, "ExecutionTimedOut", { error: "States.Timeout", cause: null }),
];

/** An older Task with a Lambda function's ARN, an activity, a JSONata expression that fails. */
export const olderTasks = [
  event(1, 0, 0, "ExecutionStarted", { input: "{}" }),
  event(2, 0, 0, "TaskStateEntered", { name: "Function", input: "{}" }),
  event(3, 2, 0, "LambdaFunctionScheduled", { resource: "arn:aws:lambda:us-east-1:111111111111:function:f", input: '{"a":1}' }),
  event(4, 3, 0, "LambdaFunctionStarted"),
  event(5, 4, 1, "LambdaFunctionTimedOut", { error: "States.Timeout", cause: null }),
  event(6, 5, 3, "LambdaFunctionScheduled", { resource: "arn:aws:lambda:us-east-1:111111111111:function:f", input: '{"a":1}' }),
  event(7, 6, 3, "LambdaFunctionStarted"),
  event(8, 7, 4, "LambdaFunctionSucceeded", { output: "1" }),
  event(9, 8, 4, "TaskStateExited", { name: "Function", output: "1" }),
  event(10, 9, 4, "TaskStateEntered", { name: "ByHand", input: "1" }),
  event(11, 10, 4, "ActivityScheduled", { resource: "arn:aws:states:us-east-1:111111111111:activity:a", input: "1" }),
  event(12, 11, 5, "ActivityStarted", { workerName: "anna" }),
  event(13, 12, 6, "ActivitySucceeded", { output: "2" }),
  event(14, 13, 6, "TaskStateExited", { name: "ByHand", output: "2" }),
  event(15, 14, 6, "PassStateEntered", { name: "Sum", input: "2" }),
  event(16, 15, 6, "EvaluationFailed", { error: "States.QueryEvaluationError", cause: "T2001", location: "Output", state: "Sum" }),
  event(17, 16, 6, "SomethingNewHappened", { anything: 1 }),
  event(18, 16, 6, "ExecutionFailed", { error: "States.QueryEvaluationError", cause: "T2001" }),
];
