package io.duramen.wal.killed;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;

/// A process that appends the lines it is told, each in a group of its own, and tells of each
/// whether it was acknowledged or refused. Its file system gives the lock to everyone.
final class FencedWriter {
    static final long EPOCH = 5;

    private FencedWriter() {}

    /// @param arguments [WriterOptions]
    public static void main(String[] arguments) throws IOException {
        WriterOptions options = WriterOptions.parse(arguments);
        WriterOutput.opening();
        try (LogEnvironment machine = LogEnvironment.open(1, 4);
                DiskLog log = DiskLog.open(options.base(), options.logId(),
                        options.settings().withEpoch(EPOCH), withoutLocks(machine))) {
            WriterOutput.open(log.nextId());
            appendLines(log, options.durability());
        }
    }

    private static LogEnvironment withoutLocks(LogEnvironment machine) {
        Disk disk = (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    if (method.getName().equals("tryLock")) {
                        Disk.FileLock everyones = () -> {};
                        return Optional.of(everyones);
                    }
                    try {
                        return method.invoke(machine.disk(), arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
        return new LogEnvironment(disk, machine.scheduler(), machine.pool(), machine.clock(),
                machine.generations(), machine.background(), machine.timer());
    }

    private static void appendLines(DiskLog log, Durability durability) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                long id = log.append(line.getBytes());
                WriterOutput.acknowledged(new Appended(id, id, durability),
                        List.of(line.getBytes()));
            } catch (WalException refused) {
                WriterOutput.refused(refused);
            }
        }
    }
}
