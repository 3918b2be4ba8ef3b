package io.duramen.wal.bytes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.function.Consumer;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(64, 8);

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @Test
    void a_view_reads_a_payload_in_place_and_moves_on_with_the_same_store() {
        memory.asSlice(8, 5).copyFrom(MemorySegment.ofArray("hello".getBytes(ISO_8859_1)));
        memory.set(ValueLayout.JAVA_INT, 16, 77);
        PayloadView view = new PayloadView();
        BytesStore<?, Void> first = view.pointTo(memory, 8, 5);
        assertThat(first.readRemaining()).isEqualTo(5);
        assertThat(first.toString()).isEqualTo("hello");
        assertThat(first.bytesForRead().toString()).isEqualTo("hello");
        BytesStore<?, Void> second = view.pointTo(memory.asSlice(16, 4));
        assertThat(second).isSameAs(first);
        assertThat(second.readInt(0)).isEqualTo(77);
        assertThat(second.bytesForRead().readInt()).isEqualTo(77);
    }

    @Test
    void a_view_of_nothing_is_empty() {
        BytesStore<?, Void> store = new PayloadView().pointTo(memory, 64, 0);
        assertThat(store.readRemaining()).isZero();
        assertThat(store.bytesForRead().readRemaining()).isZero();
        assertThatThrownBy(() -> store.readByte(0)).isInstanceOf(BufferUnderflowException.class);
    }

    @Test
    void a_view_reads_nothing_outside_its_payload() {
        BytesStore<?, Void> store = new PayloadView().pointTo(memory, 16, 8);
        List<ThrowingCallable> outside = List.of(() -> store.readByte(8), () -> store.readByte(-1),
                () -> store.readShort(7), () -> store.readInt(5), () -> store.readLong(1),
                () -> store.readLong(-8),
                () -> store.readFloat(5), () -> store.readDouble(1),
                () -> store.readVolatileLong(1),
                () -> store.readVolatileInt(5), () -> store.addressForRead(9),
                () -> store.nativeRead(1, memory.address(), 8),
                () -> store.bytesForRead().readSkip(5).readInt());
        assertThat(outside).allSatisfy(
                read -> assertThatThrownBy(read).isInstanceOf(BufferUnderflowException.class));
        assertThat(store.peekUnsignedByte(8)).isEqualTo(-1);
        assertThat(store.readLong(0)).isZero();
    }

    @Test
    void a_view_cannot_be_written_to() {
        MemorySegment payload = memory.asSlice(0, 8);
        BytesStore<?, Void> store = new PayloadView().pointTo(payload);
        List<Consumer<BytesStore<?, Void>>> writes =
                List.of(s -> s.writeByte(0, (byte) 1), s -> s.writeShort(0, (short) 1),
                        s -> s.writeInt(0, 1), s -> s.writeLong(0, 1), s -> s.writeFloat(0, 1),
                        s -> s.writeDouble(0, 1),
                        s -> s.writeOrderedInt(0, 1), s -> s.writeOrderedLong(0, 1),
                        s -> s.writeVolatileLong(0, 1),
                        s -> s.writeVolatileInt(0, 1), s -> s.compareAndSwapInt(0, 0, 1),
                        s -> s.compareAndSwapLong(0, 0, 1),
                        s -> s.testAndSetInt(0, 0, 1), s -> s.write(0, new byte[] {1}),
                        s -> s.move(1, 0, 4),
                        s -> s.zeroOut(0, 8), s -> s.nativeWrite(memory.address() + 8, 0, 8),
                        s -> s.addAndGetInt(0, 1),
                        s -> s.write(0, ByteBuffer.wrap(new byte[] {1}), 0, 1),
                        s -> s.bytesForRead().writeInt(0, 1),
                        s -> s.bytesForRead().clear().append8bit("x"),
                        s -> s.bytesForRead().clear().append("x"),
                        s -> s.bytesForWrite().writeUtf8("x"), s -> s.write8bit(0, "x", 0, 1));
        memory.asSlice(8).fill((byte) 1);
        assertThat(writes).allSatisfy(write -> assertThatThrownBy(() -> write.accept(store))
                .satisfies(thrown -> assertThat(rootOf(thrown))
                        .isInstanceOf(ReadOnlyBufferException.class)));
        assertThat(payload.get(ValueLayout.JAVA_LONG, 0)).isZero();
    }

    @Test
    void numbers_are_not_appended_to_a_view_as_text() {
        memory.fill((byte) 0x55);
        BytesStore<?, Void> store = new PayloadView().pointTo(memory);
        assertThatThrownBy(() -> store.bytesForWrite().append(12.5))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> store.bytesForWrite().append(1L))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x5555555555555555L);
    }

    @Test
    void a_detached_view_throws_until_it_is_pointed_at_something() {
        PayloadView view = new PayloadView();
        BytesStore<?, Void> store = view.pointTo(memory);
        Bytes<Void> bytes = store.bytesForRead();
        view.detach();
        List<ThrowingCallable> reads = List.of(() -> store.readByte(0), () -> store.readLong(0),
                bytes::readInt,
                () -> store.addressForRead(0), store::bytesForRead, () -> bytes.read(new byte[4]),
                () -> store.writeInt(0, 1));
        assertThat(reads).allSatisfy(
                read -> assertThatThrownBy(read).isInstanceOf(IllegalStateException.class));
        assertThat(view.pointTo(memory).readLong(0)).isZero();
    }

    @Test
    void views_are_of_off_heap_memory_and_inside_it() {
        PayloadView view = new PayloadView();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.pointTo(MemorySegment.ofArray(new byte[8])));
        assertThatThrownBy(() -> view.pointTo(memory, 60, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.pointTo(memory, -8, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_claim_writes_in_place() {
        PayloadClaim claim = new PayloadClaim(memory.asSlice(8, 40));
        claim.bytes().writeInt(7).writeLong(8).append("nine").write(new byte[] {10, 11})
                .write(Bytes.wrapForRead(new byte[] {12, 13, 14}));
        assertThat(claim.writtenBytes()).isEqualTo(21);
        assertThat(memory.get(ValueLayout.JAVA_INT, 8)).isEqualTo(7);
        assertThat(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, 12)).isEqualTo(8);
        assertThat(memory.asSlice(20, 9).toArray(ValueLayout.JAVA_BYTE))
                .containsExactly('n', 'i', 'n', 'e', 10, 11, 12, 13, 14);
        assertThat(claim.bytes().readInt()).isEqualTo(7);
    }

    @Test
    void a_claim_writes_nothing_outside_its_memory() {
        memory.fill((byte) 0x55);
        List<Consumer<Bytes<Void>>> tooMuch = List.of(b -> b.writeLong(1).writeByte((byte) 1),
                b -> b.writeInt(5, 1),
                b -> b.writeByte(-1, (byte) 1), b -> b.write(new byte[9]),
                b -> b.writeUtf8("123456789"),
                b -> b.append8bit("123456789"), b -> b.append("123456789"),
                b -> b.write(Bytes.wrapForRead(new byte[9])),
                b -> b.write(new PayloadView().pointTo(memory, 16, 9)),
                b -> b.writeSkip(5).writeInt(1),
                b -> b.clear().writePosition(6).writeInt(1), b -> b.bytesStore().writeLong(1, 1),
                b -> b.bytesStore().writeShort(7, (short) 1),
                b -> b.bytesStore().write(1, new byte[8]),
                b -> b.append(1234567890L),
                b -> b.writeSome(ByteBuffer.wrap(new byte[9])).write(new byte[1]));
        for (int i = 0; i < tooMuch.size(); i++) {
            PayloadClaim claim = new PayloadClaim(memory.asSlice(8, 8));
            Consumer<Bytes<Void>> write = tooMuch.get(i);
            assertThatThrownBy(() -> write.accept(claim.bytes())).as("write %d", i)
                    .satisfies(thrown -> assertThat(rootOf(thrown))
                            .isInstanceOfAny(BufferOverflowException.class,
                                    IllegalArgumentException.class));
        }
        assertThat(memory.asSlice(0, 8).mismatch(memory.asSlice(16, 8))).isEqualTo(-1);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 16)).isEqualTo((byte) 0x55);
    }

    @Test
    void a_detached_claim_reaches_no_memory() {
        List<Consumer<Bytes<Void>>> accesses = List.of(b -> b.writeInt(1), b -> b.writeInt(0, 1),
                Bytes::readInt,
                b -> b.write(new byte[2]), b -> b.append("x"), b -> b.append8bit("x"),
                b -> b.writeUtf8("x"),
                b -> b.write(Bytes.wrapForRead(new byte[2])), b -> b.append(1L), b -> b.append(1.5),
                b -> b.bytesStore().writeInt(0, 1), b -> b.bytesStore().readInt(0),
                b -> b.addressForWrite(0),
                b -> b.write(new PayloadView().pointTo(memory, 16, 4)),
                b -> b.compareAndSwapInt(0, 0, 1),
                b -> b.writeSome(ByteBuffer.wrap(new byte[2])));
        for (int i = 0; i < accesses.size(); i++) {
            PayloadClaim claim = new PayloadClaim(memory);
            claim.bytes().writeLong(0);
            claim.detach();
            Consumer<Bytes<Void>> access = accesses.get(i);
            assertThatThrownBy(() -> access.accept(claim.bytes())).as("access %d", i)
                    .satisfies(thrown -> assertThat(rootOf(thrown))
                            .isInstanceOfAny(IllegalStateException.class,
                                    BufferOverflowException.class));
        }
        assertThat(memory.mismatch(arena.allocate(64))).isEqualTo(-1);
    }

    @Test
    void a_detached_claim_does_not_reach_the_next_one() {
        PayloadClaim before = new PayloadClaim(memory);
        before.detach();
        new PayloadClaim(memory);
        assertThatIllegalStateException().isThrownBy(() -> before.bytes().writeInt(1));
    }

    @Test
    void any_store_is_copied_from_its_read_position_to_its_read_limit() {
        byte[] text = "0123456789abcdefghijklm".getBytes(ISO_8859_1);
        Bytes<?> onHeap = Bytes.allocateElasticOnHeap();
        Bytes<?> direct = Bytes.allocateElasticDirect();
        PayloadClaim claim = new PayloadClaim(arena.allocate(32));
        for (Bytes<?> bytes : List.of(onHeap, direct, claim.bytes(), Bytes.wrapForRead(text))) {
            if (bytes.readRemaining() == 0) {
                bytes.write(text);
            }
            bytes.readSkip(2);
            memory.fill((byte) 0);
            assertThat(PayloadCopy.copy(bytes, memory, 3)).isEqualTo(21);
            assertThat(memory.asSlice(3, 21).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo("23456789abcdefghijklm".getBytes(ISO_8859_1));
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 2)).isZero();
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 24)).isZero();
            assertThat(bytes.readRemaining()).isEqualTo(21);
        }
        direct.releaseLast();
    }

    @Test
    void a_view_can_be_copied_and_an_empty_store_copies_nothing() {
        memory.set(ValueLayout.JAVA_LONG, 0, 42);
        assertThat(PayloadCopy.copy(new PayloadView().pointTo(memory, 0, 8), memory, 8))
                .isEqualTo(8);
        assertThat(memory.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(42);
        assertThat(PayloadCopy.copy(BytesStore.empty(), memory, 64)).isZero();
    }

    @Test
    void what_does_not_fit_is_not_copied_in_part() {
        assertThatThrownBy(
                () -> PayloadCopy.copy(Bytes.wrapForRead(new byte[] {1, 1, 1, 1}), memory, 61))
                        .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 61)).isZero();
    }

    /// Chronicle wraps what a store throws in some of its ways to write text.
    private static Throwable rootOf(Throwable thrown) {
        return thrown.getCause() == null ? thrown : rootOf(thrown.getCause());
    }
}
