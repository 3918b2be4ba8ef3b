package io.duramen.wal.os;

import java.nio.ByteOrder;

/// Which operating system and processor this is, where that decides about numbers or support.
public final class Platform {
    private static final String SYSTEM = System.getProperty("os.name");
    private static final String PROCESSOR = System.getProperty("os.arch");

    private Platform() {}

    /// @throws UnsupportedOperationException where the functions of this package are not known to
    ///     have the shape this package gives them
    public static void requireSupported() {
        if (!isSupported()) {
            throw new UnsupportedOperationException("files are reached by system calls of 64-bit"
                    + " Linux on x86_64 or aarch64, this is " + SYSTEM + " on " + PROCESSOR
                    + ": run it there, or in a Linux container");
        }
    }

    /// Whether the functions of this package are known to have the shape it gives them.
    public static boolean isSupported() {
        return isSupported(SYSTEM, PROCESSOR, ByteOrder.nativeOrder());
    }

    static boolean isSupported(String system, String processor, ByteOrder order) {
        return system.equals("Linux") && order == ByteOrder.LITTLE_ENDIAN
                && (processor.equals("amd64") || processor.equals("aarch64"));
    }

    /// A few of Linux' open flags have another value on this processor.
    static boolean isAarch64() {
        return PROCESSOR.equals("aarch64");
    }
}
