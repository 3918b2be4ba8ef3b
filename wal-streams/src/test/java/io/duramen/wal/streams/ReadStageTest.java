package io.duramen.wal.streams;

import static io.duramen.wal.streams.StreamWorld.LONG;
import static io.duramen.wal.streams.StreamWorld.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.ReadRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadStageTest {
    @TempDir
    Path base;

    private StreamWorld world;

    @BeforeEach
    void start() {
        world = new StreamWorld(base);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private void append(WalLog log, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            get(log.append(new byte[i % 7]));
        }
    }

    /// Reads ahead by an entry or two.
    private static Sink<WalEntry, SinkQueueWithCancel<WalEntry>> shortQueue() {
        return Sink.<WalEntry> queue().addAttributes(Attributes.inputBuffer(1, 1));
    }

    @Test
    void a_stream_that_has_read_what_is_truncated_fails_and_shows_nothing_of_what_follows()
            throws Exception {
        WalLog log = world.log();
        append(log, 10);
        SinkQueueWithCancel<WalEntry> read =
                WalSource.tail(log, 0).runWith(shortQueue(), world.system());
        for (int i = 0; i < 10; i++) {
            assertThat(get(read.pull()).orElseThrow().id()).isEqualTo(i);
        }
        CompletionStage<?> next = read.pull();
        get(log.truncateAfter(4));
        append(log, 20);
        assertThatThrownBy(() -> get(next)).cause().isInstanceOf(WalException.Truncated.class);
    }

    @Test
    void a_stream_that_has_read_less_goes_on_with_what_is_there_now() throws Exception {
        WalLog log = world.log();
        append(log, 10);
        SinkQueueWithCancel<WalEntry> read =
                WalSource.tail(log, 0).runWith(shortQueue(), world.system());
        for (int i = 0; i < 3; i++) {
            assertThat(get(read.pull()).orElseThrow().id()).isEqualTo(i);
        }
        get(log.truncateAfter(5));
        get(log.append(new byte[99]));
        for (int i = 3; i < 7; i++) {
            WalEntry entry = get(read.pull()).orElseThrow();
            assertThat(entry.id()).isEqualTo(i);
            assertThat(entry.toByteArray()).hasSize(i == 6 ? 99 : i);
        }
        read.cancel();
    }

    @Test
    void a_stream_up_to_an_entry_that_is_truncated_fails() throws Exception {
        WalLog log = world.log();
        append(log, 10);
        SinkQueueWithCancel<WalEntry> read =
                WalSource.current(log).runWith(shortQueue(), world.system());
        assertThat(get(read.pull()).orElseThrow().id()).isZero();
        get(log.truncateAfter(4));
        for (int i = 1; i < 5; i++) {
            assertThat(get(read.pull()).orElseThrow().id()).isEqualTo(i);
        }
        assertThatThrownBy(() -> get(read.pull())).cause()
                .isInstanceOf(WalException.Truncated.class);
    }

    /// A log in front of a real one, that counts what is asked.
    private WalLog counting(WalLog real, AtomicInteger leases) {
        ActorRef<LogRequest> spy = world.kit.spawn(Behaviors.receiveMessage(request -> {
            if (request instanceof LogRequest.Lend) {
                leases.incrementAndGet();
            }
            real.ref().tell(request);
            return Behaviors.same();
        }));
        return Wal.get(world.system()).served(real.id(), spy);
    }

    @Test
    void a_consumer_without_demand_does_not_make_the_source_read_on() throws Exception {
        WalLog real = world.log();
        world.append(real, 5000);
        AtomicInteger leases = new AtomicInteger();
        AtomicLong emitted = new AtomicLong();
        SinkQueueWithCancel<WalEntry> slow = WalSource.current(counting(real, leases))
                .map(entry -> {
                    emitted.incrementAndGet();
                    return entry;
                })
                .toMat(Sink.<WalEntry> queue().withAttributes(Attributes.inputBuffer(4, 4)),
                        Keep.right())
                .run(world.system());
        assertThat(get(slow.pull()).orElseThrow().id()).isZero();
        world.kit.createTestProbe().expectNoMessage(Duration.ofMillis(50));
        assertThat(emitted).hasValueLessThanOrEqualTo(6);
        assertThat(leases).hasValue(1);
        assertThat(world.mappedFragments()).isEqualTo(1);
        for (int id = 1; id < 5000; id++) {
            assertThat(get(slow.pull()).orElseThrow().id()).isEqualTo(id);
        }
        assertThat(get(slow.pull())).isEmpty();
        assertThat(leases).hasValueBetween(8, 12);
        world.await(() -> world.mappedFragments() == 0);
    }

    @Test
    void a_stream_that_is_cancelled_while_it_reads_gives_its_mapping_back() throws Exception {
        WalLog log = world.log();
        world.append(log, 1000);
        SinkQueueWithCancel<WalEntry> reading = WalSource.current(log)
                .toMat(Sink.queue(), Keep.right()).run(world.system());
        get(reading.pull());
        assertThat(world.mappedFragments()).isEqualTo(1);
        reading.cancel();
        world.await(() -> world.mappedFragments() == 0);
    }

    @Test
    void a_tail_that_is_killed_at_the_end_of_the_log_gives_its_mapping_back() throws Exception {
        WalLog log = world.log();
        world.append(log, 10);
        AtomicInteger seen = new AtomicInteger();
        Pair<UniqueKillSwitch, CompletionStage<Done>> tail = WalSource.tail(log, 0)
                .viaMat(KillSwitches.single(), Keep.right())
                .toMat(Sink.foreach(_ -> seen.incrementAndGet()), Keep.both())
                .run(world.system());
        world.await(() -> seen.get() == 10);
        assertThat(world.mappedFragments()).isEqualTo(1);
        tail.first().shutdown();
        get(tail.second());
        world.await(() -> world.mappedFragments() == 0);
    }

    @Test
    void a_stream_that_fails_gives_its_mapping_back() throws Exception {
        WalLog log = world.log();
        world.append(log, 1000);
        CompletionStage<Done> failing = WalSource.current(log).map(entry -> {
            if (entry.id() == 20) {
                throw new IllegalStateException("enough");
            }
            return entry;
        }).runWith(Sink.ignore(), world.system());
        assertThat(failing).failsWithin(LONG);
        world.await(() -> world.mappedFragments() == 0);
    }

    @Test
    void a_stream_that_has_ended_before_its_lease_comes_gives_it_back() throws Exception {
        WalLog real = world.log();
        world.append(real, 10);
        TestProbe<LogRequest> log = world.played();
        Pair<UniqueKillSwitch, CompletionStage<Done>> reading =
                WalSource.tail(world.logOf(log), 0).viaMat(KillSwitches.single(), Keep.right())
                        .toMat(Sink.ignore(), Keep.both()).run(world.system());
        LogRequest.AwaitVisible asked = log.expectMessageClass(LogRequest.AwaitVisible.class);
        asked.replyTo().tell(new LogRequest.Visible(0, 9));
        LogRequest.Lend lend = log.expectMessageClass(LogRequest.Lend.class);
        reading.first().shutdown();
        get(reading.second());
        real.ref().tell(lend);
        TestProbe<LogRequest.ReadAnswer> answered = world.kit.createTestProbe();
        real.ref().tell(new LogRequest.AwaitVisible(0, answered.ref()));
        answered.receiveMessage();
        world.await(() -> world.mappedFragments() == 0);
    }

    @Test
    void a_log_that_closes_or_fails_under_a_stream_fails_it_with_the_reason() throws Exception {
        WalLog log = world.log();
        world.append(log, 10);
        AtomicInteger seen = new AtomicInteger();
        CompletionStage<Done> tail = WalSource.tail(log, 0)
                .runWith(Sink.foreach(_ -> seen.incrementAndGet()), world.system());
        world.await(() -> seen.get() == 10);
        get(Wal.get(world.system()).close(log));
        assertThat(tail).failsWithin(LONG).withThrowableThat()
                .withCauseInstanceOf(WalException.Closed.class);
        world.await(() -> world.mappedFragments() == 0);
        TestProbe<LogRequest> played = world.played();
        CompletionStage<List<WalEntry>> trimmed = WalSource.current(world.logOf(played),
                ReadRange.from(3)).runWith(Sink.seq(), world.system());
        played.expectMessageClass(LogRequest.AwaitVisible.class).replyTo()
                .tell(new LogRequest.Visible(0, 9));
        played.expectMessageClass(LogRequest.Lend.class).replyTo()
                .tell(new LogRequest.ReadFailed(new WalException.Trimmed(3, 5)));
        assertThat(trimmed).failsWithin(LONG).withThrowableThat()
                .withCauseInstanceOf(WalException.Trimmed.class);
    }

    @Test
    void a_source_that_is_restarted_goes_on_from_the_id_its_owner_kept() throws Exception {
        WalLog log = world.log();
        world.append(log, 2000);
        AtomicLong saved = new AtomicLong();
        RestartSettings often = RestartSettings.create(Duration.ofMillis(1),
                Duration.ofMillis(2), 0).withMaxRestarts(100, Duration.ofMinutes(1));
        CompletionStage<List<Long>> ids = RestartSource
                .onFailuresWithBackoff(often, () -> {
                    long from = saved.get();
                    return WalSource.tail(log, from).map(entry -> {
                        if (entry.id() == from + 150) {
                            throw new IllegalStateException("a consumer that fails");
                        }
                        saved.set(entry.id() + 1);
                        return entry.id();
                    });
                }).take(2000).runWith(Sink.seq(), world.system());
        assertThat(get(ids)).isEqualTo(LongStream.range(0, 2000).boxed().toList());
        world.await(() -> world.mappedFragments() == 0);
    }
}
