package io.duramen.wal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class BufferLeaseTest {
    private static final BufferPoolSettings LENIENT =
            BufferPoolSettings.defaults().withName("p").withSlotBytes(8192).withSlots(2)
                    .withUnpooledBytesMax(16384);
    private static final BufferPoolSettings STRICT = LENIENT.withStrict(true);

    private final BufferPool lenient = BufferPool.create(LENIENT);
    private final BufferPool strict = BufferPool.create(STRICT);

    @Test
    void a_slot_is_aligned_and_lies_in_the_slab() throws InterruptedException {
        BufferLease lease = lenient.acquire();
        assertThat(lease.memory().address() % 4096).isZero();
        assertThat(lease.sizeBytes()).isEqualTo(8192);
        assertThat(lease.isPooled()).isTrue();
        assertThat(lenient.slab().asOverlappingSlice(lease.memory()).orElseThrow().byteSize())
                .isEqualTo(8192);
    }

    @Test
    void memory_is_out_of_reach_after_the_lease_was_given_back() throws InterruptedException {
        BufferLease lease = lenient.acquire();
        lease.close();
        assertThatIllegalStateException().isThrownBy(lease::memory).withMessageContaining("slot 0");
        assertThatIllegalStateException().isThrownBy(lease::retain);
        assertThatIllegalStateException().isThrownBy(() -> lease.paddedTo(Alignment.PAGE, 1));
    }

    @Test
    void the_slot_comes_back_with_the_last_reference_only() throws InterruptedException {
        BufferLease lease = lenient.acquire();
        assertThat(lease.retain()).isSameAs(lease);
        lease.close();
        assertThat(lenient.statistics().leased()).isEqualTo(1);
        assertThat(lease.memory().byteSize()).isEqualTo(8192);
        lease.close();
        assertThat(lenient.statistics().leased()).isZero();
    }

    @Test
    void a_strict_pool_throws_on_a_second_close_and_names_the_slot() throws InterruptedException {
        BufferLease lease = strict.acquire();
        lease.close();
        assertThatIllegalStateException().isThrownBy(lease::close)
                .withMessageContaining("slot 0 of buffer pool 'p'");
        assertThat(strict.statistics().misuse()).isEqualTo(1);
    }

    @Test
    void a_second_close_never_takes_the_slot_from_its_next_holder() throws InterruptedException {
        BufferLease first = lenient.acquire();
        first.close();
        BufferLease next = lenient.acquire();
        assertThat(next.memory().address()).isEqualTo(lenient.slab().address());
        first.close();
        assertThat(lenient.statistics().leased()).isEqualTo(1);
        assertThat(lenient.statistics().misuse()).isEqualTo(1);
        assertThat(lenient.acquire().memory().address()).isNotEqualTo(next.memory().address());
    }

    @Test
    void a_write_after_release_is_found_by_the_next_acquire_and_the_slot_is_not_lost()
            throws InterruptedException {
        for (long offset : new long[] {0, 1, 4095, 8191}) {
            BufferLease lease = strict.acquire();
            MemorySegment kept = lease.memory();
            lease.close();
            kept.set(ValueLayout.JAVA_BYTE, offset, (byte) 7);
            assertThatIllegalStateException().isThrownBy(strict::tryAcquire)
                    .withMessageContaining("slot 0").withMessageContaining("offset " + offset);
        }
        assertThat(strict.statistics().misuse()).isEqualTo(4);
        assertThat(strict.statistics().leased()).isZero();
        assertThat(strict.acquire().memory().address())
                .isNotEqualTo(strict.acquire().memory().address());
        assertThat(strict.statistics().acquires()).isEqualTo(6);
    }

    @Test
    void padding_reaches_no_disk_with_bytes_of_the_last_user() throws InterruptedException {
        try (BufferLease last = lenient.acquire()) {
            last.memory().fill((byte) 0x55);
        }
        BufferLease lease = lenient.acquire();
        MemorySegment padded = lease.paddedTo(Alignment.PAGE, 4099);
        assertThat(padded.byteSize()).isEqualTo(8192);
        assertThat(MemoryPattern.isFilledWith(padded.asSlice(0, 4099), 0x55)).isTrue();
        assertThat(MemoryPattern.isFilledWith(padded.asSlice(4099), 0)).isTrue();
    }

    @Test
    void padding_touches_nothing_behind_it_and_needs_none_at_an_edge() throws InterruptedException {
        BufferLease lease = lenient.acquire();
        lease.memory().fill((byte) 0x55);
        assertThat(lease.paddedTo(Alignment.PAGE, 0).byteSize()).isZero();
        assertThat(lease.paddedTo(Alignment.PAGE, 4096).byteSize()).isEqualTo(4096);
        assertThat(lease.paddedTo(new Alignment(512), 1).byteSize()).isEqualTo(512);
        assertThat(MemoryPattern.isFilledWith(lease.memory().asSlice(512), 0x55)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> lease.paddedTo(Alignment.PAGE, 8193));
    }

    @Test
    void a_one_off_buffer_is_aligned_and_freed_with_its_last_reference() {
        BufferLease lease = lenient.unpooled(8193);
        MemorySegment memory = lease.memory();
        assertThat(lease.isPooled()).isFalse();
        assertThat(lease.sizeBytes()).isEqualTo(12288);
        assertThat(memory.address() % 4096).isZero();
        assertThat(lenient.statistics().unpooled()).isEqualTo(1);
        assertThat(lenient.statistics().unpooledBytes()).isEqualTo(12288);
        lease.retain().close();
        memory.fill((byte) 1);
        lease.close();
        assertThatThrownBy(() -> memory.fill((byte) 1)).isInstanceOf(IllegalStateException.class);
        assertThat(lenient.statistics().unpooled()).isZero();
        assertThat(lenient.statistics().unpooledBytes()).isZero();
        lease.close();
        assertThat(lenient.statistics().unpooledBytes()).isZero();
        assertThat(lenient.statistics().misuse()).isEqualTo(1);
    }

    @Test
    void one_off_buffers_stop_at_their_limit_and_say_the_numbers() {
        BufferLease lease = lenient.unpooled(12288);
        assertThatThrownBy(() -> lenient.unpooled(4097)).isInstanceOf(WalException.Overloaded.class)
                .hasMessageContaining("8192").hasMessageContaining("12288")
                .hasMessageContaining("16384");
        lenient.unpooled(4096);
        lease.close();
        assertThat(lenient.unpooled(12288).sizeBytes()).isEqualTo(12288);
    }

    @Test
    void a_one_off_buffer_outlives_the_pool() {
        BufferLease lease = lenient.unpooled(4096);
        lenient.close();
        lease.memory().fill((byte) 3);
        lease.close();
        assertThatThrownBy(() -> lenient.unpooled(1)).isInstanceOf(WalException.Closed.class);
    }
}
