package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Reading into and writing from several pieces of memory with one call. Failures are negative
/// error numbers.
///
/// The pieces are named by address in an [IovecList], so nothing here keeps their memory allocated:
/// the caller does until the call has returned.
final class VectorCalls {
    private static final MethodHandle PREADV = Libc.function("preadv",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG));
    private static final MethodHandle PWRITEV = Libc.function("pwritev",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG));

    private VectorCalls() {}

    static long preadv(int fd, MemorySegment iovecs, int count, long offset) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) PREADV.invokeExact(state, fd, iovecs, count, offset);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    static long pwritev(int fd, MemorySegment iovecs, int count, long offset) {
        MemorySegment state = Libc.callState();
        try {
            long result = (long) PWRITEV.invokeExact(state, fd, iovecs, count, offset);
            return Libc.resultOrErrno(result, state);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }
}
