import type { ExecutePlanResponse_ExecutionProgress } from './gen/spark_connect_min_pb.ts'

/** How far a query is. Stages that Spark has not planned yet are not in it, so that shares may fall back. */
export interface SparkProgress {
  readonly taskCount: number
  readonly doneTaskCount: number
  readonly runningTaskCount: number
  readonly readBytes: number
  readonly stages: readonly SparkStage[]
}

/** A part of a query between two exchanges of rows. */
export interface SparkStage {
  readonly id: number
  readonly taskCount: number
  readonly doneTaskCount: number
  readonly readBytes: number
  readonly isDone: boolean
}

/** The server's report as numbers. */
export function progressOf(report: ExecutePlanResponse_ExecutionProgress): SparkProgress {
  const stages = report.stages.map((stage) => ({
    id: Number(stage.stageId),
    taskCount: Number(stage.numTasks),
    doneTaskCount: Number(stage.numCompletedTasks),
    readBytes: Number(stage.inputBytesRead),
    isDone: stage.done,
  }))
  const sum = (of: (stage: SparkStage) => number): number => stages.reduce((total, stage) => total + of(stage), 0)
  return {
    taskCount: sum((stage) => stage.taskCount),
    doneTaskCount: sum((stage) => stage.doneTaskCount),
    runningTaskCount: Number(report.numInflightTasks),
    readBytes: sum((stage) => stage.readBytes),
    stages,
  }
}
