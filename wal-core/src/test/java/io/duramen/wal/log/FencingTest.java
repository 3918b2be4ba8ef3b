package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.WriterStatus;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A writer whose epoch is over writes no more.
class FencingTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(16 << 10);

    @TempDir
    Path base;

    private DiskLog open(long epoch) {
        return DiskLog.open(base, ORDERS, SMALL.withEpoch(epoch));
    }

    /// As a writer would on a file system that gives the lock to two.
    private void takeOver(long epoch, long lastId) throws IOException {
        Path lock = new RawLog(base, ORDERS).directory().resolve("LOCK");
        try (Arena arena = Arena.ofConfined();
                FileChannel file = FileChannel.open(lock, StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            new WriterStatus(file.map(FileChannel.MapMode.READ_WRITE, 0, WriterStatus.BYTES, arena))
                    .begin(FragmentHeader.hashOf(ORDERS.value()), 1, epoch, lastId, "buffered",
                            "posix");
        }
    }

    @Test
    void a_lower_epoch_is_refused_and_an_equal_or_higher_one_taken() {
        open(5).close();
        assertThatThrownBy(() -> open(4)).isInstanceOfSatisfying(WalException.Fenced.class,
                fenced -> {
                    assertThat(fenced.epoch()).isEqualTo(4);
                    assertThat(fenced.currentEpoch()).isEqualTo(5);
                });
        open(5).close();
        open(0).close();
        assertThatThrownBy(() -> open(5)).isInstanceOf(WalException.Fenced.class)
                .hasMessageContaining("epoch 6").hasMessageContaining("epoch 5");
        open(7).close();
    }

    @Test
    void an_epoch_is_known_from_the_fragments_where_the_status_page_is_gone() {
        try (DiskLog log = open(5)) {
            log.append(bytes("a"));
        }
        RawLog.write(new RawLog(base, ORDERS).lock(), 0, new byte[WriterStatus.BYTES]);
        assertThatThrownBy(() -> open(4)).isInstanceOf(WalException.Fenced.class);
    }

    @Test
    void a_writer_that_was_taken_over_has_its_next_append_refused_and_all_behind_it()
            throws IOException {
        try (DiskLog log = open(5)) {
            log.append(bytes("a"));
            takeOver(6, 0);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> log.append(bytes("b")))
                        .isInstanceOfSatisfying(WalException.Fenced.class,
                                fenced -> assertThat(fenced.currentEpoch()).isEqualTo(6));
            }
            assertThat(log.info().poisonedBy()).isPresent();
        }
        try (DiskLog log = open(6)) {
            assertThat(contentsOf(log)).containsExactly("0:a");
        }
    }

    @Test
    void a_writer_that_was_taken_over_leaves_no_record_of_its_close() throws IOException {
        RawLog raw = new RawLog(base, ORDERS);
        DiskLog log = open(5);
        log.append(bytes("a"));
        byte[] before = RawLog.read(raw.fragment(0));
        takeOver(6, 0);
        log.close();
        assertThat(RawLog.read(raw.fragment(0))).isEqualTo(before);
    }

    @Test
    void what_was_written_and_not_synced_when_it_was_taken_over_is_unknown() throws IOException {
        DiskLog log = open(5);
        log.append(io.duramen.wal.fragment.Payload.of(bytes("a")), Durability.WRITTEN);
        takeOver(6, -1);
        assertThatThrownBy(log::sync).isInstanceOf(WalException.OutcomeUnknown.class)
                .hasCauseInstanceOf(WalException.Fenced.class);
        log.close();
    }
}
