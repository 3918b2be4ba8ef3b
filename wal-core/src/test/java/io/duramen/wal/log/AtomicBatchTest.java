package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// A batch is in the log whole or not at all.
@ParameterizedClass
@MethodSource("io.duramen.wal.log.IoChoice#all")
class AtomicBatchTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(16 << 10);

    @Parameter
    IoChoice io;
    @TempDir
    Path base;
    private LogEnvironment environment;

    @BeforeEach
    void open() {
        environment = io.environment();
    }

    @AfterEach
    void close() {
        assertThat(environment.pool().statistics().leased()).isZero();
        environment.close();
    }

    private DiskLog open(Path at) {
        return io.open(at, ORDERS, SMALL, environment);
    }

    private static List<Payload> batch(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> Payload.of(bytes(name + i))).toList();
    }

    @Test
    void its_entries_get_consecutive_ids_and_one_answer() throws Exception {
        try (DiskLog log = open(base)) {
            log.append(bytes("before"));
            assertThat(log.appendBatch(batch("b", 3), Durability.SYNCED))
                    .isEqualTo(new Appended(1, 3, Durability.SYNCED));
            assertThat(log.appendBatchAsync(batch("c", 2), Durability.WRITTEN)
                    .toCompletableFuture().get())
                            .isEqualTo(new Appended(4, 5, Durability.WRITTEN));
            log.sync();
            assertThat(contentsOf(log)).containsExactly("0:before", "1:b0", "2:b1", "3:b2", "4:c0",
                    "5:c1");
        }
    }

    @Test
    void it_lies_in_one_fragment_and_one_that_fits_none_is_refused() {
        RawLog raw = new RawLog(base, ORDERS);
        List<Payload> half = Collections.nCopies(4, Payload.of(new byte[1000]));
        try (DiskLog log = open(base)) {
            log.appendBatch(half, Durability.SYNCED);
            log.appendBatch(half, Durability.SYNCED);
            assertThat(raw.fragments()).containsExactly(raw.fragment(0), raw.fragment(4));
            assertThatThrownBy(() -> log.appendBatch(
                    Collections.nCopies(9, Payload.of(new byte[1000])), Durability.SYNCED))
                            .isInstanceOf(WalException.TooLarge.class)
                            .hasMessageContaining("an atomic batch of 9 entries and 9072 bytes");
            assertThatThrownBy(() -> log.appendBatch(
                    Collections.nCopies(2, Payload.of(new byte[20_000])), Durability.SYNCED))
                            .isInstanceOf(WalException.TooLarge.class)
                            .hasMessageContaining("an entry of 20000 bytes");
            assertThatThrownBy(() -> log.appendBatch(List.of(), Durability.SYNCED))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(log.append(bytes("behind"))).isEqualTo(8);
        }
    }

    @Test
    void a_payload_that_cannot_be_copied_takes_its_batch_with_it_and_nothing_else() {
        Payload broken = new Payload() {
            @Override
            public int sizeBytes() {
                return 5;
            }

            @Override
            public void copyTo(MemorySegment target, long offset) {
                target.asSlice(offset, 5).fill((byte) 9);
                throw new IllegalStateException("no bytes today");
            }
        };
        try (DiskLog log = open(base)) {
            log.append(bytes("before"));
            assertThatThrownBy(() -> log.appendBatch(
                    List.of(Payload.of(bytes("fine")), broken), Durability.SYNCED))
                            .isInstanceOf(IllegalStateException.class);
            assertThat(log.append(bytes("behind"))).isEqualTo(1);
            assertThat(contentsOf(log)).containsExactly("0:before", "1:behind");
        }
        try (DiskLog log = open(base)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
        }
    }

    /// The newest group is on the device up to some byte, and its group record says what follows.
    @Test
    void a_crash_at_any_byte_leaves_all_of_it_or_nothing() {
        RawLog whole;
        try (DiskLog log = open(base.resolve("origin"))) {
            log.append(bytes("before"));
            log.appendBatch(batch("b", 3), Durability.WRITTEN);
            whole = new RawLog(base.resolve("origin"), ORDERS).copyTo(base.resolve("whole"));
        }
        long end = whole.scan(0).endOfData();
        long start = whole.offsetOf(0, 1) - 48;
        List<List<String>> seen = new ArrayList<>();
        for (long cut = start; cut <= end; cut++) {
            RawLog torn = whole.copyTo(base.resolve("cut-" + cut));
            RawLog.write(torn.fragment(0), cut, new byte[(int) (end - cut)]);
            torn.forgetStatus();
            try (DiskLog log = open(torn.base())) {
                List<String> entries = contentsOf(log);
                assertThat(entries.size()).isIn(1, 4);
                seen.add(entries);
                assertThat(log.append(bytes("next"))).isEqualTo(entries.size());
            }
        }
        assertThat(seen).contains(List.of("0:before"),
                List.of("0:before", "1:b0", "2:b1", "3:b2"));
    }
}
