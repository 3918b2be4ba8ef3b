package io.duramen.wal.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

@EachWayToTheDisk
class WalStreamsTest {
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(64 << 10)
            .withFragmentEntriesMax(700);

    @Parameter(0)
    IoMode ioMode;
    @Parameter(1)
    IoDriver ioDriver;
    @TempDir
    Path base;

    private ActorTestKit kit;

    @BeforeEach
    void start() {
        IoDriver.Choice offered = IoDriver.AUTO.choose();
        assumeTrue(ioDriver == IoDriver.POSIX || offered.driver() == ioDriver, offered.reason());
        kit = ActorTestKit.create("streams", ConfigFactory
                .parseString("duramen.wal { base-path = \"" + base + "\", io.driver = "
                        + ioDriver + " }")
                .withFallback(ConfigFactory.load()));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private WalLog log(String id) {
        return Wal.get(kit.system()).log(LogId.of(id), base, SMALL.withIoMode(ioMode));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static List<ByteString> elements(int count) {
        return IntStream.range(0, count).mapToObj(i -> ByteString.fromString("element " + i))
                .toList();
    }

    private CompletionStage<AppendTotal> append(WalLog log, List<ByteString> elements) {
        return Source.from(elements).runWith(WalSink.append(log), kit.system());
    }

    private List<WalEntry> read(Source<WalEntry, ?> source) throws Exception {
        return get(source.runWith(Sink.seq(), kit.system()));
    }

    @Test
    void what_a_sink_appends_a_source_reads_back_in_order_across_fragments() throws Exception {
        WalLog log = log("orders");
        AppendTotal total = get(append(log, elements(5000)));
        assertThat(total.entries()).isEqualTo(5000);
        assertThat(total.lastId()).hasValue(4999);
        List<WalEntry> entries = read(WalSource.current(log));
        assertThat(entries).extracting(WalEntry::id)
                .containsExactlyElementsOf(LongStream.range(0, 5000).boxed().toList());
        assertThat(entries).extracting(WalEntry::bytes).containsExactlyElementsOf(elements(5000));
    }

    @Test
    void a_flow_emits_every_id_in_order() throws Exception {
        List<Long> ids = get(Source.from(elements(3000)).via(WalFlow.append(log("orders")))
                .runWith(Sink.seq(), kit.system()));
        assertThat(ids).containsExactlyElementsOf(LongStream.range(0, 3000).boxed().toList());
    }

    @Test
    void a_sink_of_nothing_completes_with_nothing() throws Exception {
        WalLog log = log("orders");
        assertThat(get(append(log, List.of()))).isEqualTo(AppendTotal.NOTHING);
        assertThat(read(WalSource.current(log))).isEmpty();
    }

    @Test
    void a_range_reads_just_that_range() throws Exception {
        WalLog log = log("orders");
        get(append(log, elements(2000)));
        assertThat(read(WalSource.current(log, new ReadRange(690, 710)))).extracting(WalEntry::id)
                .containsExactlyElementsOf(LongStream.rangeClosed(690, 710).boxed().toList());
        assertThat(read(WalSource.current(log, ReadRange.from(2000)))).isEmpty();
        assertThat(WalSource.current(log, ReadRange.from(2001)).runWith(Sink.seq(), kit.system()))
                .failsWithin(java.time.Duration.ofSeconds(20)).withThrowableThat()
                .withCauseInstanceOf(WalException.PastEnd.class);
    }

    @Test
    void a_tail_starts_on_an_empty_log_and_is_woken_by_every_append() throws Exception {
        WalLog log = log("orders");
        SinkQueueWithCancel<WalEntry> tail = WalSource.tail(log, 0)
                .toMat(Sink.queue(), Keep.right()).run(kit.system());
        for (int round = 0; round < 20; round++) {
            CompletionStage<java.util.Optional<WalEntry>> next = tail.pull();
            get(append(log, List.of(ByteString.fromString("round " + round))));
            WalEntry entry = get(next).orElseThrow();
            assertThat(entry.id()).isEqualTo(round);
            assertThat(entry.bytes().utf8String()).isEqualTo("round " + round);
        }
        tail.cancel();
    }

    @Test
    void a_tail_follows_the_log_through_rotations() throws Exception {
        WalLog log = log("orders");
        CompletionStage<List<WalEntry>> tail = WalSource.tail(log, 0).take(5000)
                .runWith(Sink.seq(), kit.system());
        get(append(log, elements(5000)));
        assertThat(get(tail)).extracting(WalEntry::bytes).containsExactlyElementsOf(elements(5000));
    }

    @Test
    void a_slow_consumer_does_not_stop_others() throws Exception {
        WalLog log = log("orders");
        SinkQueueWithCancel<WalEntry> slow =
                WalSource.tail(log, 0).toMat(Sink.queue(), Keep.right())
                        .run(kit.system());
        get(append(log, elements(5000)));
        assertThat(read(WalSource.current(log))).hasSize(5000);
        assertThat(get(slow.pull()).orElseThrow().id()).isZero();
        slow.cancel();
    }

    @Test
    void several_sinks_share_a_log_and_each_gets_all_its_entries_in() throws Exception {
        WalLog log = log("orders");
        List<CompletionStage<AppendTotal>> sinks = IntStream.range(0, 8)
                .mapToObj(_ -> append(log, elements(500))).toList();
        for (CompletionStage<AppendTotal> sink : sinks) {
            assertThat(get(sink).entries()).isEqualTo(500);
        }
        assertThat(read(WalSource.current(log))).hasSize(4000);
    }

    @Test
    void written_entries_of_a_written_log_are_read_at_once() throws Exception {
        WalLog log = Wal.get(kit.system()).log(LogId.of("fast"), base,
                SMALL.withIoMode(ioMode).withDurability(Durability.WRITTEN));
        AppendSettings settings = AppendSettings.create(kit.system().classicSystem())
                .withDurability(Durability.WRITTEN);
        get(Source.from(elements(5000)).runWith(WalSink.append(log, settings), kit.system()));
        assertThat(read(WalSource.current(log))).hasSize(5000);
    }

    @Test
    void entries_are_there_when_the_log_is_opened_again() throws Exception {
        Wal wal = Wal.get(kit.system());
        WalLog first = log("orders");
        get(append(first, elements(1500)));
        get(wal.close(first));
        WalLog second = log("orders");
        assertThat(get(append(second, elements(1))).lastId()).hasValue(1500);
        assertThat(read(WalSource.current(second))).hasSize(1501);
    }

    @Test
    void a_view_reads_and_tails_what_a_writer_appends() throws Exception {
        WalLog log = log("orders");
        get(append(log, elements(10)));
        WalLog view = Wal.get(kit.system()).view("orders");
        CompletionStage<List<WalEntry>> tail = WalSource.tail(view, 0).take(3000)
                .runWith(Sink.seq(), kit.system());
        assertThat(read(WalSource.current(view))).hasSize(10);
        get(append(log, elements(2990)));
        assertThat(get(tail)).hasSize(3000);
    }

    @Test
    void a_log_that_cannot_be_opened_fails_the_stream_with_the_reason() {
        Wal wal = Wal.get(kit.system());
        assertThat(WalSource.current(wal.view("nothing")).runWith(Sink.seq(), kit.system()))
                .failsWithin(java.time.Duration.ofSeconds(20)).withThrowableThat()
                .withMessageContaining("there is no log 'nothing'");
    }
}
