package io.duramen.wal.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Visits every state that can be reached, each once, the nearest first; so the way to a state that
/// breaks a promise is a shortest one.
///
/// @param <S> a state; equal where it is the same
final class Explorer<S> {
    /// What leads from one state to the next.
    record Step<S>(String name, S state) {}

    /// How a state was reached.
    private record Origin<S>(S before, String step) {}

    private final Function<S, List<Step<S>>> next;
    private final Function<S, Optional<String>> violation;
    private final Map<S, Origin<S>> origins = new HashMap<>();

    /// @param next all steps from a state
    /// @param violation what promise a state breaks, where it does
    Explorer(Function<S, List<Step<S>>> next, Function<S, Optional<String>> violation) {
        this.next = next;
        this.violation = violation;
    }

    /// @return the steps to a promise broken, and which; empty where none is
    Optional<List<String>> explore(S first) {
        ArrayDeque<S> toVisit = new ArrayDeque<>();
        origins.put(first, new Origin<>(null, "start"));
        toVisit.add(first);
        while (!toVisit.isEmpty()) {
            S state = toVisit.poll();
            Optional<String> broken = violation.apply(state);
            if (broken.isPresent()) {
                return Optional.of(wayTo(state, broken.get()));
            }
            for (Step<S> step : next.apply(state)) {
                if (origins.putIfAbsent(step.state(), new Origin<>(state, step.name())) == null) {
                    toVisit.add(step.state());
                }
            }
        }
        return Optional.empty();
    }

    int states() {
        return origins.size();
    }

    private List<String> wayTo(S state, String broken) {
        List<String> steps = new ArrayList<>(List.of(broken));
        for (S at = state; at != null; at = origins.get(at).before()) {
            steps.addFirst(origins.get(at).step());
        }
        return steps;
    }
}
