package io.duramen.wal.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Conditional appends in any order, resent, contradicting each other and too many, against a model
/// of a log. `-Dwal.conditional.seed=S` repeats one run.
class ConditionalAppendModelTest {
    private static final int RUNS = 40;
    private static final int STEPS = 150;
    private static final int WINDOW = 5;
    private static final LogId ORDERS = LogId.of("orders");

    @TempDir
    Path base;

    private enum Outcome {
        HELD, APPENDED, DUPLICATE, CONFLICT, OUT_OF_ORDER, CLOSED
    }

    private record Sent(long id, List<String> payloads) {}

    /// What a log with a window does, entry by entry.
    private static final class Model {
        final List<String> log = new ArrayList<>();
        final List<Outcome> outcomes = new ArrayList<>();
        private final List<Sent> sent = new ArrayList<>();

        void append(String payload) {
            log.add(payload);
            proceed();
        }

        void offer(Sent one) {
            sent.add(one);
            outcomes.add(one.id() > log.size() ? early(one) : outcomeOf(one));
            proceed();
        }

        private Outcome early(Sent one) {
            int held = IntStream.range(0, outcomes.size())
                    .filter(i -> outcomes.get(i) == Outcome.HELD)
                    .map(i -> sent.get(i).payloads().size()).sum();
            int size = one.payloads().size();
            return one.id() + size - log.size() <= WINDOW && held + size <= WINDOW ? Outcome.HELD
                    : Outcome.OUT_OF_ORDER;
        }

        private Outcome outcomeOf(Sent one) {
            int id = (int) one.id();
            int end = id + one.payloads().size();
            if (id == log.size()) {
                log.addAll(one.payloads());
                return Outcome.APPENDED;
            }
            return end <= log.size() && log.subList(id, end).equals(one.payloads())
                    ? Outcome.DUPLICATE : Outcome.CONFLICT;
        }

        private void proceed() {
            int next = firstDue();
            while (next >= 0) {
                outcomes.set(next, outcomeOf(sent.get(next)));
                next = firstDue();
            }
        }

        private int firstDue() {
            int first = -1;
            for (int i = 0; i < outcomes.size(); i++) {
                boolean due = outcomes.get(i) == Outcome.HELD && sent.get(i).id() <= log.size();
                if (due && (first < 0 || sent.get(i).id() < sent.get(first).id())) {
                    first = i;
                }
            }
            return first;
        }

        void endAll(Outcome outcome) {
            outcomes.replaceAll(one -> one == Outcome.HELD ? outcome : one);
        }
    }

    @Test
    void every_append_gets_the_one_answer_that_the_model_gives_it() {
        Long repeated = Long.getLong("wal.conditional.seed");
        long first = repeated == null ? System.nanoTime() : repeated;
        for (long seed = first; seed < first + (repeated == null ? RUNS : 1); seed++) {
            try (SteppedEnvironment environment = new SteppedEnvironment()) {
                run(environment, base.resolve("run" + seed), new Random(seed));
            } catch (RuntimeException | Error wrong) {
                throw new AssertionError("with -Dwal.conditional.seed=" + seed, wrong);
            }
        }
        System.out.println("conditional appends from seed " + first);
    }

    private static void run(SteppedEnvironment environment, Path base, Random random) {
        Model model = new Model();
        List<CompletableFuture<AppendedAt>> answers = new ArrayList<>();
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(12 << 10)
                .withFragmentEntriesMax(20).withReorder(ReorderSettings.of(WINDOW));
        try (DiskLog log = environment.open(base, ORDERS, settings)) {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> {
                        environment.runTimer();
                        model.endAll(Outcome.OUT_OF_ORDER);
                    }
                    case 1 -> {
                        log.append("a".getBytes(US_ASCII));
                        model.append("a");
                    }
                    default -> {
                        Sent one = any(random, model.log.size());
                        answers.add(send(log, one));
                        model.offer(one);
                    }
                }
                assertThat(outcomesOf(answers)).isEqualTo(model.outcomes);
            }
            List<String> expected = IntStream.range(0, model.log.size())
                    .mapToObj(i -> i + ":" + model.log.get(i)).toList();
            assertThat(RawLog.contentsOf(log)).isEqualTo(expected);
        }
        model.endAll(Outcome.CLOSED);
        assertThat(outcomesOf(answers)).isEqualTo(model.outcomes);
    }

    private static Sent any(Random random, int nextId) {
        long id = Math.max(0, nextId - 3 + random.nextInt(9));
        return new Sent(id, IntStream.rangeClosed(0, random.nextInt(2))
                .mapToObj(_ -> random.nextInt(4) == 0 ? "b" : "a").toList());
    }

    private static CompletableFuture<AppendedAt> send(DiskLog log, Sent one) {
        return log.appendAtAsync(one.id(), one.payloads().stream()
                .map(payload -> Payload.of(payload.getBytes(US_ASCII))).toList(),
                Durability.SYNCED).toCompletableFuture();
    }

    private static List<Outcome> outcomesOf(List<CompletableFuture<AppendedAt>> answers) {
        return answers.stream().map(ConditionalAppendModelTest::outcomeOf).toList();
    }

    private static Outcome outcomeOf(CompletableFuture<AppendedAt> answer) {
        if (!answer.isDone()) {
            return Outcome.HELD;
        }
        if (!answer.isCompletedExceptionally()) {
            return answer.join().duplicate() ? Outcome.DUPLICATE : Outcome.APPENDED;
        }
        return switch (answer.exceptionNow()) {
            case WalException.Conflict _ -> Outcome.CONFLICT;
            case WalException.OutOfOrder _ -> Outcome.OUT_OF_ORDER;
            case WalException.Closed _ -> Outcome.CLOSED;
            case Throwable other -> throw new AssertionError("an answer of no kind", other);
        };
    }
}
