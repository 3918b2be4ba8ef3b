package io.duramen.wal.bytes;

import java.lang.reflect.Field;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.onoes.NullExceptionHandler;

/// The one place where Chronicle is touched first. Started without JVM flags it says, as an error,
/// that it may need some, and it prints from several places more. None of it concerns what we use
/// of it:
///
/// - it logs through SLF4J what it is, what it did not find and, with a stack trace, that fields of
///   `ByteBuffer` are closed to it; SLF4J itself prints where there is no provider;
/// - its cleaner of direct byte buffers, which we never use, asks for `--add-exports` through
///   `java.util.logging`;
/// - it writes to standard error that it cannot find out the largest direct memory;
/// - the JDK says, once per process, that `sun.misc.Unsafe` is about to go.
///
/// All but the last happen while classes load, so they are loaded here, with handlers and logger
/// switched off for this moment, and with what this thread prints dropped. Other threads' output
/// goes through, and everything is as before afterwards. An SLF4J provider, where there is one,
/// starts before that, so that what it has to say itself is heard. A provider that writes elsewhere
/// than to the console still gets Chronicle's few lines, from loggers below `net.openhft`.
///
/// The JDK's notice does not go through `System.err`. It is marked as given, through a field of a
/// package that the JDK opens to everybody. That keeps it back for the whole process, other
/// libraries included; who wants to see it starts with `--sun-misc-unsafe-memory-access=debug`,
/// which this leaves alone. On a JDK without that field the notice appears.
final class QuietStart {
    private static final String CLEANER =
            "net.openhft.chronicle.core.internal.cleaner.ReflectionBasedByteBufferCleanerService";
    private static final String SLF4J_PROVIDERS =
            "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    static {
        markUnsafeNoticeGiven();
        startLogging();
        try (MutedConsole _ = new MutedConsole()) {
            withoutCleanerWarning(QuietStart::loadClasses);
        }
    }

    private QuietStart() {}

    /// Does its work the first time, once per process.
    static void ensure() {
        // loading this class was it
    }

    private static void startLogging() {
        if (QuietStart.class.getClassLoader().getResource(SLF4J_PROVIDERS) == null) {
            return;
        }
        try {
            Class.forName("org.slf4j.LoggerFactory").getMethod("getILoggerFactory").invoke(null);
        } catch (ReflectiveOperationException _) {
            // Chronicle starts it, then.
        }
    }

    private static void markUnsafeNoticeGiven() {
        try {
            Field given = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            given.setAccessible(true);
            given.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException _) {
            // Another JDK: its notice is harmless.
        }
    }

    private static void loadClasses() {
        Jvm.init();
        Jvm.setThreadLocalExceptionHandlers(NullExceptionHandler.NOTHING,
                NullExceptionHandler.NOTHING,
                NullExceptionHandler.NOTHING, NullExceptionHandler.NOTHING);
        try {
            Jvm.maxDirectMemory();
            Bytes<byte[]> onHeap = Bytes.wrapForRead(new byte[Long.BYTES]);
            onHeap.readLong();
            onHeap.releaseLast();
            BytesStore.nativePointer();
        } finally {
            Jvm.setThreadLocalExceptionHandlers(null, null, null, null);
        }
    }

    private static void withoutCleanerWarning(Runnable action) {
        Logger logger = Logger.getLogger(CLEANER);
        Level before = logger.getLevel();
        logger.setLevel(Level.OFF);
        try {
            action.run();
        } finally {
            logger.setLevel(before);
        }
    }
}
