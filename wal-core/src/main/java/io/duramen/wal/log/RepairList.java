package io.duramen.wal.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a repair has decided, as the file `REPAIR` in the log's directory: the point of no return.
/// Before it is there nothing has changed; once it is, [#complete] does what it says, as often as
/// it takes, and moves it to the originals last. Text, a line each:
///
/// ```
/// duramen repair 1
/// originals <name of the folder beside the log's>
/// status <writer epoch> <durable id>
/// put <first id> <standby file>       for each fragment written anew
/// take <first id>                     for each that is only moved away
/// end
/// ```
///
/// @param originals the folder that the log's files are moved to
/// @param writerEpoch what the status page says afterwards
/// @param durableId the same
record RepairList(Path originals, long writerEpoch, long durableId, List<Put> puts,
        List<Long> takes) {
    private static final String TITLE = "duramen repair 1";

    /// A standby that becomes the fragment with this first id.
    record Put(long firstId, String standby) {}

    /// Makes the list, and so the repair, durable.
    ///
    /// @param temporary a standby name that is free
    void write(LogDirectory directory, IoScheduler io, String temporary) {
        StringBuilder text = new StringBuilder(TITLE + "\n");
        text.append("originals ").append(originals.getFileName()).append('\n');
        text.append("status ").append(writerEpoch).append(' ').append(durableId).append('\n');
        puts.forEach(put -> text.append("put ").append(put.firstId()).append(' ')
                .append(put.standby()).append('\n'));
        takes.forEach(firstId -> text.append("take ").append(firstId).append('\n'));
        byte[] bytes = text.append("end\n").toString().getBytes(US_ASCII);
        Path path = directory.path().resolve(temporary);
        try (IoFile file = directory.disk().create(path);
                AlignedBuffer buffer = AlignedBuffer.allocate(bytes.length, Alignment.PAGE)) {
            MemorySegment memory = buffer.memory().asSlice(0, bytes.length);
            memory.copyFrom(MemorySegment.ofArray(bytes));
            io.execute(IoChain.of(new IoOperation.Write(file, memory, 0),
                    new IoOperation.Fsync(file))).orThrow();
        }
        directory.disk().rename(path, directory.repairList());
        directory.disk().syncDirectory(directory.path());
    }

    /// @throws WalException.Corrupt when it is not as it was written
    static RepairList read(LogDirectory directory, IoScheduler io) {
        try {
            return parse(directory, text(directory, io).split("\n"));
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
            throw broken(directory);
        }
    }

    private static String text(LogDirectory directory, IoScheduler io) {
        try (IoFile file = directory.disk().open(directory.repairList(), Disk.Access.READ_ONLY);
                AlignedBuffer buffer =
                        AlignedBuffer.allocate(Math.max(1, file.sizeBytes()), Alignment.PAGE)) {
            long bytes = io.execute(IoChain.of(new IoOperation.Read(file, buffer.memory(), 0)))
                    .orThrow();
            return new String(buffer.memory().asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE),
                    US_ASCII);
        }
    }

    private static RepairList parse(LogDirectory directory, String[] lines) {
        List<Put> puts = new ArrayList<>();
        List<Long> takes = new ArrayList<>();
        String[] status = lines[2].split(" ");
        boolean holds = lines[0].equals(TITLE) && lines[1].startsWith("originals ")
                && status[0].equals("status") && lines[lines.length - 1].equals("end");
        for (int i = 3; i < lines.length - 1; i++) {
            String[] words = lines[i].split(" ");
            if (words[0].equals("put") && FragmentName.isStandby(words[2])) {
                puts.add(new Put(Long.parseLong(words[1]), words[2]));
            } else if (words[0].equals("take")) {
                takes.add(Long.parseLong(words[1]));
            } else {
                holds = false;
            }
        }
        if (!holds) {
            throw broken(directory);
        }
        return new RepairList(
                directory.path().resolveSibling(lines[1].substring("originals ".length())),
                Long.parseLong(status[1]), Long.parseLong(status[2]), puts, takes);
    }

    private static WalException broken(LogDirectory directory) {
        return new WalException.Irreparable(directory.repairList(),
                "is not as a repair wrote it: the originals are in a folder beside the log's,"
                        + " put them back and delete it");
    }

    /// Does what the list says, from wherever it was interrupted on. The writer's lock is held.
    void complete(LogDirectory directory, WriterLock lock, IoScheduler io) {
        Disk disk = directory.disk();
        takes.forEach(firstId -> moveAway(directory, firstId));
        puts.stream().filter(put -> disk.exists(standby(directory, put)))
                .forEach(put -> moveAway(directory, put.firstId()));
        disk.syncDirectory(originals);
        disk.syncDirectory(directory.path());
        puts.stream().filter(put -> disk.exists(standby(directory, put))).forEach(
                put -> disk.rename(standby(directory, put), directory.fragment(put.firstId())));
        disk.syncDirectory(directory.path());
        requirePut(directory);
        lock.begin(directory.logId(), writerEpoch, durableId, IoMode.BUFFERED, io);
        disk.rename(directory.repairList(), originals.resolve(FragmentName.REPAIR));
        disk.syncDirectory(originals);
        disk.syncDirectory(directory.path());
    }

    private static Path standby(LogDirectory directory, Put put) {
        return directory.path().resolve(put.standby());
    }

    private void moveAway(LogDirectory directory, long firstId) {
        Path file = directory.fragment(firstId);
        if (directory.disk().exists(file)) {
            directory.disk().rename(file, originals.resolve(file.getFileName()));
        }
    }

    private void requirePut(LogDirectory directory) {
        for (Put put : puts) {
            if (!directory.disk().exists(directory.fragment(put.firstId()))) {
                throw new WalException.Irreparable(directory.fragment(put.firstId()),
                        "was written by a repair and is not there: put the originals back from "
                                + originals + " and delete " + directory.repairList());
            }
        }
    }
}
