package io.duramen.wal.streams;

import static io.duramen.wal.streams.StreamWorld.LONG;
import static io.duramen.wal.streams.StreamWorld.elements;
import static io.duramen.wal.streams.StreamWorld.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Appending streams in front of a log that the test plays.
class AppendStageTest {
    private static final AppendSettings TENS =
            new AppendSettings(Durability.SYNCED, 10, 1 << 20, Duration.ofMillis(1));

    @TempDir
    Path base;

    private StreamWorld world;
    private TestProbe<LogRequest> log;
    private long nextId;

    @BeforeEach
    void start() {
        world = new StreamWorld(base);
        log = world.played();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private LogRequest.Append received() {
        return (LogRequest.Append) log.receiveMessage(LONG);
    }

    private void acknowledge(LogRequest.Append append) {
        long first = nextId;
        nextId += append.payloads().size();
        append.replyTo().tell(new LogRequest.Acknowledged(
                new Appended(first, nextId - 1, append.durability())));
    }

    private static List<String> textsOf(LogRequest.Append append) {
        return append.payloads().stream().map(AppendStageTest::textOf).toList();
    }

    private static String textOf(Payload payload) {
        byte[] bytes = new byte[payload.sizeBytes()];
        payload.copyTo(MemorySegment.ofArray(bytes), 0);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Source<ByteString, NotUsed> counted(AtomicInteger pulled, int count) {
        return Source.from(elements(count)).map(element -> {
            pulled.incrementAndGet();
            return element;
        });
    }

    @Test
    void a_log_that_does_not_answer_stops_the_upstream_after_two_batches() {
        AtomicInteger pulled = new AtomicInteger();
        CompletionStage<AppendTotal> total =
                counted(pulled, 1000).runWith(WalSink.append(world.logOf(log), TENS),
                        world.system());
        LogRequest.Append first = received();
        assertThat(first.payloads()).hasSize(1);
        world.await(() -> pulled.get() == 11);
        log.expectNoMessage(Duration.ofMillis(50));
        assertThat(pulled).hasValue(11);
        acknowledge(first);
        LogRequest.Append second = received();
        assertThat(second.payloads()).hasSize(10);
        world.await(() -> pulled.get() == 21);
        log.expectNoMessage(Duration.ofMillis(50));
        assertThat(pulled).hasValue(21);
        acknowledge(second);
        while (nextId < 1000) {
            acknowledge(received());
        }
        assertThat(total).succeedsWithin(LONG).extracting(AppendTotal::entries)
                .isEqualTo(1000L);
    }

    @Test
    void a_batch_ends_at_its_bytes_too() {
        AppendSettings bytes = TENS.withBatchEntriesMax(1000).withBatchBytesMax(90);
        Source.from(elements(9)).runWith(WalSink.append(world.logOf(log), bytes), world.system());
        acknowledge(received());
        assertThat(textsOf(received())).containsExactly("element 1", "element 2", "element 3",
                "element 4");
    }

    @Test
    void a_downstream_without_demand_holds_the_upstream_back() throws Exception {
        AtomicInteger pulled = new AtomicInteger();
        SinkQueueWithCancel<Appended> out = counted(pulled, 1000)
                .via(WalFlow.acknowledging(world.logOf(log), TENS))
                .toMat(Sink.<Appended> queue().withAttributes(
                        org.apache.pekko.stream.Attributes.inputBuffer(1, 1)), Keep.right())
                .run(world.system());
        acknowledge(received()); // goes into the sink's buffer
        acknowledge(received()); // waits in the stage
        log.expectNoMessage(Duration.ofMillis(50));
        assertThat(pulled).hasValueLessThanOrEqualTo(31);
        assertThat(get(out.pull()).orElseThrow().lastId()).isZero();
        acknowledge(received());
        out.cancel();
    }

    @Test
    void a_flow_emits_ids_when_they_are_durable_and_not_before() throws Exception {
        SinkQueueWithCancel<Long> ids = Source.from(elements(3))
                .via(WalFlow.append(world.logOf(log), TENS))
                .toMat(Sink.queue(), Keep.right()).run(world.system());
        CompletionStage<java.util.Optional<Long>> first = ids.pull();
        LogRequest.Append append = received();
        assertThat(append.durability()).isEqualTo(Durability.SYNCED);
        log.expectNoMessage(Duration.ofMillis(30));
        assertThat(first.toCompletableFuture()).isNotDone();
        acknowledge(append);
        assertThat(get(first)).hasValue(0L);
        acknowledge(received());
        assertThat(get(ids.pull())).hasValue(1L);
        assertThat(get(ids.pull())).hasValue(2L);
        assertThat(get(ids.pull())).isEmpty();
    }

    @Test
    void a_batch_refused_as_overloaded_is_sent_again_and_nothing_overtakes_it() {
        CompletionStage<List<Long>> ids = Source.from(elements(50))
                .via(WalFlow.append(world.logOf(log), TENS)).runWith(Sink.seq(), world.system());
        List<String> texts = new java.util.ArrayList<>();
        for (int round = 0; nextId < 50; round++) {
            LogRequest.Append append = received();
            if (round % 3 == 2) {
                acknowledge(append);
                texts.addAll(textsOf(append));
            } else {
                append.replyTo().tell(new LogRequest.Overloaded(1, 1, Duration.ofMillis(1)));
            }
        }
        assertThat(texts).containsExactlyElementsOf(
                elements(50).stream().map(ByteString::utf8String).toList());
        assertThat(ids).succeedsWithin(LONG)
                .isEqualTo(LongStream.range(0, 50).boxed().toList());
    }

    private void assertFailsWith(CompletionStage<?> stream, Class<? extends Throwable> type) {
        assertThat(stream).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(type);
    }

    private CompletionStage<AppendTotal> appending() {
        return Source.from(elements(50)).runWith(WalSink.append(world.logOf(log), TENS),
                world.system());
    }

    @Test
    void a_log_that_fails_fails_the_stream_with_what_is_known() {
        CompletionStage<AppendTotal> refused = appending();
        received().replyTo().tell(new LogRequest.NotWritten(
                new WalException.Poisoned(new IllegalStateException("x"))));
        assertFailsWith(refused, WalException.Poisoned.class);
        log = world.played();
        CompletionStage<AppendTotal> unknown = appending();
        received().replyTo().tell(new LogRequest.Unknown(
                new WalException.OutcomeUnknown(new IllegalStateException("x"))));
        assertFailsWith(unknown, WalException.OutcomeUnknown.class);
    }

    @Test
    void a_log_that_stops_with_a_batch_unanswered_leaves_its_outcome_unknown() {
        CompletionStage<AppendTotal> stream = appending();
        received();
        log.stop();
        assertFailsWith(stream, WalException.OutcomeUnknown.class);
    }

    @Test
    void a_log_that_stops_with_nothing_under_way_is_closed() {
        CompletionStage<AppendTotal> stream = Source.<ByteString> maybe()
                .runWith(WalSink.append(world.logOf(log), TENS), world.system());
        log.stop();
        assertFailsWith(stream, WalException.Closed.class);
    }

    @Test
    void a_stream_is_as_durable_as_the_configuration_says_of_its_log() {
        try (StreamWorld other = new StreamWorld(base,
                "duramen.wal.logs.fast.durability = written")) {
            assertThat(AppendSettings.create(other.system().classicSystem(), LogId.of("fast"))
                    .durability()).isEqualTo(Durability.WRITTEN);
            assertThat(AppendSettings.create(other.system().classicSystem(), LogId.of("orders"))
                    .durability()).isEqualTo(Durability.SYNCED);
        }
    }

    @Test
    void settings_that_would_never_send_a_batch_are_refused() {
        assertThatThrownBy(() -> TENS.withBatchEntriesMax(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batchEntriesMax");
        assertThatThrownBy(() -> TENS.withBatchBytesMax(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TENS.withRetryDelay(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
