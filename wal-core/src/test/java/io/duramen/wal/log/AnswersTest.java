package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Faults.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Every append that nobody waits for gets exactly one answer, whatever happens to the log.
@ParameterizedClass
@EnumSource(IoMode.class)
class AnswersTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(64 << 10);

    @Parameter
    IoMode ioMode;
    @TempDir
    Path base;
    private FaultyEnvironment environment;

    @BeforeEach
    void open() {
        environment = FaultyEnvironment.open(16);
    }

    @AfterEach
    void close() {
        assertThat(environment.pool().statistics().leased()).isZero();
        environment.close();
    }

    private DiskLog open(LogSettings settings) {
        return environment.openLog(base, ORDERS, settings.withIoMode(ioMode));
    }

    /// What became of one append.
    private record Answer(AtomicInteger count, CompletableFuture<Object> first) {
        static Answer to(DiskLog log, String payload) {
            Answer answer = new Answer(new AtomicInteger(), new CompletableFuture<>());
            log.appendAsync(bytes(payload)).whenComplete((appended, failure) -> {
                answer.count.incrementAndGet();
                answer.first.complete(failure == null ? appended : failure);
            });
            return answer;
        }

        Object get() throws Exception {
            Object outcome = first.get(20, SECONDS);
            assertThat(count).hasValue(1);
            return outcome;
        }

        static List<Object> all(List<Answer> answers) throws Exception {
            List<Object> outcomes = new ArrayList<>();
            for (Answer answer : answers) {
                outcomes.add(answer.get());
            }
            return outcomes;
        }
    }

    /// Appends while the disk is stopped: one is on its way, the others wait behind it.
    private List<Answer> queue(DiskLog log, int count) throws InterruptedException {
        environment.scheduler().stop();
        List<Answer> answers = new ArrayList<>();
        answers.add(Answer.to(log, "entry 0"));
        environment.scheduler().awaitWaiting();
        IntStream.range(1, count).forEach(i -> answers.add(Answer.to(log, "entry " + i)));
        return answers;
    }

    @Test
    void closing_completes_what_was_accepted() throws Exception {
        DiskLog log = open(SMALL);
        List<Answer> answers = queue(log, 100);
        Thread closing = Thread.ofPlatform().daemon().start(log::close);
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        environment.scheduler().goOn();
        assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(answers.get(i).get()).isEqualTo(new Appended(i, i, Durability.SYNCED));
        }
        try (DiskLog again = open(SMALL)) {
            assertThat(contentsOf(again)).hasSize(100).endsWith("99:entry 99");
        }
    }

    @Test
    void a_failure_leaves_the_group_on_its_way_unknown_and_refuses_those_behind() throws Exception {
        try (DiskLog log = open(SMALL)) {
            log.append(bytes("so that the fragment is there"));
            List<Answer> answers = queue(log, 100);
            environment.faults().failNth(1, Kind.SYNC, Faults.EIO);
            environment.scheduler().goOn();
            List<Object> outcomes = Answer.all(answers);
            assertThat(outcomes.getFirst()).isInstanceOf(WalException.OutcomeUnknown.class);
            assertThat(outcomes.subList(1, 100)).hasOnlyElementsOfType(WalException.Poisoned.class);
        }
        try (DiskLog log = open(SMALL)) {
            assertThat(contentsOf(log)).hasSizeLessThanOrEqualTo(2)
                    .noneMatch(it -> it.endsWith("y 1"));
        }
    }

    @Test
    void a_full_disk_refuses_what_has_no_fragment_and_nothing_else() throws Exception {
        try (DiskLog log = open(SMALL.withFragmentEntriesMax(10))) {
            log.append(bytes("so that the fragment is there"));
            List<Answer> answers = queue(log, 100);
            environment.faults().failAll(Kind.ALLOCATE, Faults.ENOSPC);
            environment.scheduler().goOn();
            List<Object> outcomes = Answer.all(answers);
            assertThat(outcomes.subList(0, 9)).hasOnlyElementsOfType(Appended.class);
            assertThat(outcomes.subList(9, 100)).hasOnlyElementsOfType(WalException.DiskFull.class);
            environment.faults().mend();
            assertThat(log.append(bytes("next"))).isEqualTo(10);
            assertThat(contentsOf(log)).hasSize(11).endsWith("9:entry 8", "10:next");
        }
    }

    @Test
    void a_closed_log_refuses_at_once() throws Exception {
        DiskLog log = open(SMALL);
        log.close();
        assertThat(Answer.to(log, "late").get()).isInstanceOf(WalException.Closed.class);
    }

    @Test
    void an_entry_that_is_too_large_is_refused_at_once() throws Exception {
        try (DiskLog log = open(SMALL)) {
            assertThat(Answer.to(log, "x".repeat(64 << 10)).get())
                    .isInstanceOf(WalException.TooLarge.class);
            assertThat(Answer.to(log, "fits").get())
                    .isEqualTo(new Appended(0, 0, Durability.SYNCED));
        }
    }

    @Test
    void an_append_inside_a_callback_is_answered() throws Exception {
        try (DiskLog log = open(SMALL)) {
            CompletableFuture<Appended> second = log.appendAsync(bytes("first"))
                    .thenCompose(_ -> log.appendAsync(bytes("second"))).toCompletableFuture();
            assertThat(second.get(20, SECONDS).lastId()).isEqualTo(1);
        }
    }
}
