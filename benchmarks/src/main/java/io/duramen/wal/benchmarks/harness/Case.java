package io.duramen.wal.benchmarks.harness;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.workload.WorkloadKind;

/// One thing to measure: who does what, and how.
public record Case(Entrant entrant, WorkloadKind workload, Parameters parameters) {
    public static Case of(Entrant entrant, WorkloadKind workload) {
        return new Case(entrant, workload, Parameters.none());
    }

    public Case with(Parameter parameter, Object value) {
        return new Case(entrant, workload, parameters.with(parameter, value));
    }

    /// Who, and with which parameters; for progress and messages.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(entrant.label());
        parameters.values().forEach((parameter, value) -> text.append(", ")
                .append(parameter.label()).append(' ').append(parameter.show(value)));
        return text.toString();
    }
}
