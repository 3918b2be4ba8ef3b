package io.duramen.wal.actors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import java.nio.channels.FileChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writers with epochs, through the handles of an actor system; and the calls that came with them.
class EpochTest {
    private static final int EPOCH_AT = 32;

    @TempDir
    Path base;

    private ActorTestKit kit;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create("epochs", ConfigFactory
                .parseString("duramen.wal.base-path = \"" + base + "\"\n"
                        + "duramen.wal.log.fragment-size = 64 KiB\n"
                        + "duramen.wal.log.reorder.entries-max = 10")
                .withFallback(ConfigFactory.load()));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private Wal wal() {
        return Wal.get(kit.system());
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static CompletionStage<Appended> append(WalLog log) {
        return log.append("entry".getBytes(UTF_8));
    }

    private static void assertFails(CompletionStage<?> stage, Class<? extends Throwable> with) {
        assertThatThrownBy(() -> get(stage)).isExactlyInstanceOf(ExecutionException.class)
                .cause().isInstanceOf(with);
    }

    @Test
    void a_writer_of_a_higher_epoch_takes_over_and_the_lower_one_is_fenced() throws Exception {
        WalLog old = wal().log("orders", 3);
        List<CompletionStage<Appended>> accepted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            accepted.add(append(old));
        }
        WalLog next = wal().log("orders", 5);
        assertThat(next).isNotSameAs(old);
        for (int i = 0; i < 20; i++) {
            assertThat(get(accepted.get(i)).firstId()).isEqualTo(i);
        }
        assertFails(append(old), WalException.Fenced.class);
        assertFails(old.appendAt(20, List.of(Payload.of(new byte[1]))), WalException.Fenced.class);
        assertThat(get(append(next)).firstId()).isEqualTo(20);
        assertFails(wal().reopen(old), WalException.class);
        assertThat(get(append(next)).firstId()).isEqualTo(21);
    }

    @Test
    void the_same_epoch_is_the_same_handle_and_a_lower_one_is_refused() throws Exception {
        WalLog log = wal().log("orders", 3);
        assertThat(wal().log("orders", 3)).isSameAs(log);
        assertThat(wal().log("orders")).isSameAs(log);
        assertThatThrownBy(() -> wal().log("orders", 2)).isInstanceOfSatisfying(
                WalException.Fenced.class,
                fenced -> assertThat(fenced.currentEpoch()).isEqualTo(3));
        get(append(log));
        get(log.close());
        assertFails(append(wal().log("orders", 2)), WalException.Fenced.class);
    }

    @Test
    void a_writer_without_an_epoch_gives_way_to_one_with_a_higher_and_not_to_a_lower()
            throws Exception {
        WalLog third = null;
        for (int i = 0; i < 3; i++) { // each takes the next epoch
            third = wal().log("orders");
            get(append(third));
            if (i < 2) {
                get(third.close());
            }
        }
        assertFails(append(wal().log("orders", 2)), WalException.Fenced.class);
        assertThat(get(append(third)).firstId()).isEqualTo(3);
        assertThat(wal().log("orders")).isSameAs(third);
        assertThat(get(append(wal().log("orders", 9))).firstId()).isEqualTo(4);
        assertFails(append(third), WalException.Fenced.class);
    }

    @Test
    void a_writer_whose_lock_did_not_hold_another_off_acknowledges_nothing_any_more()
            throws Exception {
        WalLog log = wal().log("orders", 3);
        get(append(log));
        try (FileChannel lock = FileChannel.open(
                LogId.of("orders").directoryIn(base).resolve("LOCK"), StandardOpenOption.WRITE)) {
            ByteBuffer epoch = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            lock.write(epoch.putLong(0, 4), EPOCH_AT);
        }
        assertFails(append(log), WalException.Fenced.class);
        assertThat(log.phase()).isInstanceOf(LogPhase.Poisoned.class);
        assertFails(log.truncateAfter(-1), WalException.Fenced.class);
    }

    @Test
    void a_writer_that_was_taken_over_does_not_rotate() throws Exception {
        WalLog log = wal().log("orders", 3);
        get(append(log));
        Path directory = LogId.of("orders").directoryIn(base);
        try (FileChannel lock = FileChannel.open(directory.resolve("LOCK"),
                StandardOpenOption.WRITE)) {
            ByteBuffer epoch = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            lock.write(epoch.putLong(0, 4), EPOCH_AT);
        }
        assertThatThrownBy(() -> get(log.rotate()))
                .hasRootCauseInstanceOf(WalException.Fenced.class);
        assertThat(directory.resolve("fragment_00000000000000000001")).doesNotExist();
    }

    @Test
    void calls_append_at_an_id_and_truncate() throws Exception {
        WalLog log = wal().log("orders");
        List<Payload> two = List.of(Payload.of("a".getBytes(UTF_8)),
                Payload.of("b".getBytes(UTF_8)));
        CompletionStage<AppendedAt> early = log.appendAt(2, two, Durability.WRITTEN);
        assertThat(get(log.appendAt(0, two)))
                .isEqualTo(new AppendedAt(0, 1, Durability.SYNCED, false));
        assertThat(get(early)).isEqualTo(new AppendedAt(2, 3, Durability.WRITTEN, false));
        assertThat(get(log.appendAt(2, two, Durability.WRITTEN)))
                .isEqualTo(new AppendedAt(2, 3, Durability.SYNCED, true));
        assertFails(log.appendAt(1, two), WalException.Conflict.class);
        assertFails(log.appendAt(14, two), WalException.OutOfOrder.class);
        assertThat(get(log.truncateAfter(1)).entries()).isEqualTo(2);
        assertFails(log.truncateAfter(9), WalException.PastEnd.class);
        assertThat(get(log.appendAt(2, two.subList(0, 1))).duplicate()).isFalse();
    }

    @Test
    void a_view_refuses_all_of_them() throws Exception {
        get(append(wal().log("orders")));
        WalLog view = wal().view("orders");
        assertFails(view.appendAt(1, List.of(Payload.of(new byte[1]))),
                WalException.Closed.class);
        assertFails(view.truncateAfter(0), WalException.Closed.class);
    }
}
