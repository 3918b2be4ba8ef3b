package io.duramen.wal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Binds functions of the C library.
///
/// A bound function takes [#callState()] in front of its own arguments; errno is caught there
/// before the virtual machine can run anything else on the thread. Keep handles in `static final`
/// fields and call them with `invokeExact`: only then is a call about as cheap as in C.
@SuppressWarnings("restricted")
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup FUNCTIONS = LINKER.defaultLookup();
    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            CALL_STATE.byteOffset(PathElement.groupElement("errno"));
    private static final MethodType UNSUPPORTED =
            MethodType.methodType(void.class, String.class);

    /// An automatic arena: the memory goes with the thread.
    private static final ThreadLocal<MemorySegment> OF_THREAD =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    /// File names are encoded the way the JDK's own file API encodes them.
    private static final Charset FILE_NAMES = Charset.forName(
            System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

    private Libc() {}

    /// A function with a fixed number of arguments.
    static MethodHandle function(String name, FunctionDescriptor shape) {
        return bind(name, shape, Linker.Option.captureCallState("errno"));
    }

    /// A function declared with `...` behind its first `fixedArguments`, for one list of arguments.
    static MethodHandle variadic(String name, int fixedArguments, FunctionDescriptor shape) {
        return bind(name, shape, Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixedArguments));
    }

    /// A C library may lack the newest functions.
    static boolean has(String name) {
        return FUNCTIONS.find(name).isPresent();
    }

    private static MethodHandle bind(String name, FunctionDescriptor shape,
            Linker.Option... options) {
        return FUNCTIONS.find(name)
                .map(address -> LINKER.downcallHandle(address, shape, options))
                .orElseGet(() -> missing(name, shape));
    }

    /// Throws when called rather than when bound, so that one missing function does not take the
    /// others of its class with it.
    private static MethodHandle missing(String name, FunctionDescriptor shape) {
        MethodType type = shape.toMethodType().insertParameterTypes(0, MemorySegment.class);
        try {
            MethodHandle create = MethodHandles.insertArguments(
                    MethodHandles.publicLookup().findConstructor(
                            UnsupportedOperationException.class, UNSUPPORTED),
                    0, "the C library of this system has no function '" + name + "'");
            MethodHandle thrower = MethodHandles.throwException(
                    type.returnType(), UnsupportedOperationException.class);
            return MethodHandles.dropArguments(
                    MethodHandles.foldArguments(thrower, create).asType(
                            MethodType.methodType(type.returnType())),
                    0, type.parameterList());
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Where a call on this thread leaves its errno.
    static MemorySegment callState() {
        return OF_THREAD.get();
    }

    /// What C returned, or the negative error number where that was -1.
    static long resultOrErrno(long result, MemorySegment callState) {
        return result == -1 ? -callState.get(ValueLayout.JAVA_INT, ERRNO_OFFSET) : result;
    }

    /// As [#resultOrErrno(long, MemorySegment)] for a function that returns an int.
    static int resultOrErrno(int result, MemorySegment callState) {
        return result == -1 ? -callState.get(ValueLayout.JAVA_INT, ERRNO_OFFSET) : result;
    }

    /// What a method handle's `throws Throwable` comes down to: a wrong argument or an error of the
    /// virtual machine.
    static RuntimeException unexpected(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException exception -> exception;
            case Error error -> throw error;
            default -> throw new AssertionError("C functions throw nothing", thrown);
        };
    }

    /// The path as a C string.
    static MemorySegment cString(Path path, Arena arena) {
        byte[] name = path.toString().getBytes(FILE_NAMES);
        MemorySegment string = arena.allocate(name.length + 1L);
        MemorySegment.copy(name, 0, string, ValueLayout.JAVA_BYTE, 0, name.length);
        return string;
    }
}
