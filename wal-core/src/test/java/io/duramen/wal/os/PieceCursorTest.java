package io.duramen.wal.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceCursorTest {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment memory = arena.allocate(1 << 16);

    private record Piece(long address, long length) {}

    private static List<Piece> listed(IovecList list) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            pieces.add(new Piece(list.memory().getAtIndex(ValueLayout.JAVA_LONG, 2L * i),
                    list.memory().getAtIndex(ValueLayout.JAVA_LONG, 2L * i + 1)));
        }
        return pieces;
    }

    private Piece piece(long offset, long length) {
        return new Piece(memory.address() + offset, length);
    }

    @Test
    void what_comes_next_is_listed_without_empty_pieces() {
        PieceCursor cursor = new PieceCursor(List.of(memory.asSlice(0, 0), memory.asSlice(0, 10),
                memory.asSlice(10, 0), memory.asSlice(20, 10)));
        IovecList list = IovecList.allocate(arena, 4);
        assertThat(cursor.listNext(list, 100)).isEqualTo(20);
        assertThat(listed(list)).containsExactly(piece(0, 10), piece(20, 10));
        cursor.advance(13);
        list.clear();
        assertThat(cursor.listNext(list, 100)).isEqualTo(7);
        assertThat(listed(list)).containsExactly(piece(23, 7));
        assertThat(cursor.isAtEnd()).isFalse();
        cursor.advance(7);
        assertThat(cursor.isAtEnd()).isTrue();
    }

    @Test
    void the_last_piece_is_cut_where_the_bytes_would_be_too_many() {
        PieceCursor cursor =
                new PieceCursor(List.of(memory.asSlice(0, 10), memory.asSlice(10, 10)));
        IovecList list = IovecList.allocate(arena, 4);
        assertThat(cursor.listNext(list, 13)).isEqualTo(13);
        assertThat(listed(list)).containsExactly(piece(0, 10), piece(10, 3));
    }

    @Test
    void no_more_is_listed_than_one_call_takes_or_the_list_has_room_for() {
        List<MemorySegment> many = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            many.add(memory.asSlice(i, 1));
        }
        PieceCursor cursor = new PieceCursor(many);
        assertThat(cursor.listNext(IovecList.allocate(arena, 3_000), 1 << 20)).isEqualTo(1024);
        IovecList small = IovecList.allocate(arena, 10);
        small.add(memory);
        assertThat(cursor.listNext(small, 1 << 20)).isEqualTo(9);
        assertThat(small.free()).isZero();
    }

    @Test
    void whatever_is_moved_at_a_time_every_byte_comes_once() {
        Random random = Seed.random("whatever_is_moved_at_a_time_every_byte_comes_once");
        for (int round = 0; round < 1_000; round++) {
            List<MemorySegment> pieces = new ArrayList<>();
            long at = 0;
            for (int i = random.nextInt(20); i > 0; i--) {
                long length = random.nextInt(5);
                pieces.add(memory.asSlice(at, length));
                at += length;
            }
            PieceCursor cursor = new PieceCursor(pieces);
            long done = 0;
            while (!cursor.isAtEnd()) {
                IovecList list = IovecList.allocate(arena, 1 + random.nextInt(4));
                long bytes = cursor.listNext(list, 1 + random.nextInt(10));
                assertThat(listed(list).getFirst().address()).isEqualTo(memory.address() + done);
                assertThat(listed(list).stream().mapToLong(Piece::length).sum()).isEqualTo(bytes);
                assertThat(cursor.rest().getFirst().address())
                        .isEqualTo(memory.address() + done);
                assertThat(cursor.rest().stream().mapToLong(MemorySegment::byteSize).sum())
                        .isEqualTo(at - done);
                long moved = 1 + random.nextInt((int) bytes);
                cursor.advance(moved);
                done += moved;
            }
            assertThat(done).isEqualTo(at);
        }
    }
}
