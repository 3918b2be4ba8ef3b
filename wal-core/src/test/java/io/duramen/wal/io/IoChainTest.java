package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class IoChainTest {
    private static final Fdatasync SYNC = new Fdatasync(null);

    @Test
    void an_empty_chain_is_refused() {
        assertThatThrownBy(IoChain::of).hasMessageContaining("at least one operation");
    }

    @Test
    void a_timeout_of_nothing_or_less_is_refused() {
        assertThatThrownBy(() -> IoChain.of(SYNC).within(Duration.ZERO))
                .hasMessageContaining("timeout [PT0S]");
        assertThatThrownBy(() -> IoChain.of(SYNC).within(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_transfer_in_front_of_the_file_is_refused() {
        MemorySegment bytes = MemorySegment.NULL;
        List<ThrowingCallable> transfers = List.of(() -> new Read(null, bytes, -1),
                () -> new Write(null, bytes, -1), () -> new Readv(null, List.of(bytes), -1),
                () -> new Writev(null, List.of(bytes), -1));
        assertThat(transfers).allSatisfy(transfer -> assertThatThrownBy(transfer)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("offset [-1] must not be negative"));
    }

    @Test
    void limited_time_changes_nothing_else() {
        IoChain chain = IoChain.hardLinked(SYNC, SYNC);
        assertThat(chain.within(Duration.ofMillis(1))).isEqualTo(new IoChain(
                List.of(SYNC, SYNC), IoChain.Link.HARD_LINKED,
                Optional.of(Duration.ofMillis(1))));
        assertThat(chain.timeout()).isEmpty();
    }

    @Test
    void a_result_without_failures_is_done_and_one_with_them_throws_the_first() {
        assertThat(IoResult.of(List.of(), 7)).isEqualTo(new IoResult.Done(7));
        WalException first = new WalException.Closed("first");
        IoResult failed = IoResult.of(List.of(new IoResult.Failure(1, first),
                new IoResult.Failure(3, new WalException.Closed("second"))), 7);
        assertThat(failed.transferredBytes()).isEqualTo(7);
        assertThatThrownBy(failed::orThrow).isSameAs(first);
        assertThatThrownBy(() -> new IoResult.Failed(List.of(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_ticket_of_what_has_happened_is_complete() throws Exception {
        IoResult result = new IoResult.Done(1);
        IoTicket ticket = IoTicket.completed(result);
        ticket.cancel();
        assertThat(ticket.isComplete()).isTrue();
        assertThat(ticket.await()).isSameAs(result);
        assertThat(ticket.await(Duration.ZERO)).contains(result);
    }
}
