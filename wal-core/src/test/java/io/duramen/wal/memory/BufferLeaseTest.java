package io.duramen.wal.memory;

import static org.assertj.core.api.Assertions.assertThat;
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
        assertThatThrownBy(lease::memory).isInstanceOfSatisfying(WalException.BufferMisuse.class,
                misuse -> {
                    assertThat(misuse.pool()).isEqualTo("p");
                    assertThat(misuse.slot()).isZero();
                }).hasMessage("slot 0 of buffer pool 'p' was given back and cannot be used any"
                        + " more");
    }

    @Test
    void a_strict_pool_throws_on_a_second_close_and_names_the_slot() throws InterruptedException {
        BufferLease lease = strict.acquire();
        lease.close();
        assertThatThrownBy(lease::close).isInstanceOf(WalException.BufferMisuse.class)
                .hasMessage("slot 0 of buffer pool 'p' was given back once too often");
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
            assertThatThrownBy(strict::tryAcquire).isInstanceOf(WalException.BufferMisuse.class)
                    .hasMessageContaining("slot 0").hasMessageContaining("offset " + offset);
        }
        assertThat(strict.statistics().misuse()).isEqualTo(4);
        assertThat(strict.statistics().leased()).isZero();
        assertThat(strict.acquire().memory().address())
                .isNotEqualTo(strict.acquire().memory().address());
        assertThat(strict.statistics().acquires()).isEqualTo(6);
    }

    @Test
    void a_one_off_buffer_is_aligned_and_freed_when_it_is_given_back() {
        BufferLease lease = lenient.unpooled(8193);
        MemorySegment memory = lease.memory();
        assertThat(lease.isPooled()).isFalse();
        assertThat(lease.sizeBytes()).isEqualTo(12288);
        assertThat(memory.address() % 4096).isZero();
        assertThat(lenient.statistics().unpooled()).isEqualTo(1);
        assertThat(lenient.statistics().unpooledBytes()).isEqualTo(12288);
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

    @Test
    void a_strict_pool_throws_on_a_second_close_after_it_was_closed_too()
            throws InterruptedException {
        BufferLease lease = strict.acquire();
        strict.close();
        lease.close();
        assertThatThrownBy(lease::close).isInstanceOf(WalException.BufferMisuse.class);
        assertThatThrownBy(lease::memory).isInstanceOf(WalException.BufferMisuse.class);
    }

    @Test
    void a_write_behind_a_slot_is_found_when_it_is_given_back() throws InterruptedException {
        BufferLease first = strict.acquire();
        BufferLease second = strict.acquire();
        assertThat(second.memory().address() - first.memory().address()).isGreaterThan(8192);
        OutOfBounds.write(first.memory().address() + 8192);
        assertThatThrownBy(first::close).isInstanceOf(WalException.BufferMisuse.class)
                .hasMessageContaining("slot 0").hasMessageContaining("at offset 8192");
        assertThat(strict.statistics().leased()).isEqualTo(1);
        second.close(); // the guard between the two was mended
        assertThat(strict.statistics().misuse()).isEqualTo(1);
    }

    @Test
    void a_write_before_a_slot_is_found_when_it_is_given_back() throws InterruptedException {
        BufferLease lease = strict.acquire();
        OutOfBounds.write(lease.memory().address() - 3);
        assertThatThrownBy(lease::close).isInstanceOf(WalException.BufferMisuse.class)
                .hasMessageContaining("3 bytes before its start");
        strict.acquire().close();
        assertThat(strict.statistics().misuse()).isEqualTo(1);
    }

    @Test
    void a_write_behind_a_one_off_buffer_is_found_when_it_is_given_back() {
        BufferLease lease = strict.unpooled(4096);
        OutOfBounds.write(lease.memory().address() + 4096);
        assertThatThrownBy(lease::close).isInstanceOf(WalException.BufferMisuse.class)
                .hasMessage("a one-off buffer of buffer pool 'p' was written to outside its bounds:"
                        + " at offset 4096 of its 4096 bytes");
        assertThat(strict.statistics().unpooledBytes()).isZero();
    }
}
