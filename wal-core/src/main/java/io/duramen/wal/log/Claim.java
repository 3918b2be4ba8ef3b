package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.bytes.PayloadClaim;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import net.openhft.chronicle.bytes.Bytes;

/// Room for one entry, to be filled where it will be written from. Ends with [#commit()], or with
/// `close` alone, which appends nothing and takes no id. A claim that is open holds up nobody else.
///
/// Belongs to one thread at a time. After its end the memory and views of it must not be used;
/// `bytes` then fails.
public final class Claim implements AutoCloseable {
    private final AppendQueue queue;
    private final Durability durability;
    private final MemorySegment payload;
    private BufferLease lease;
    private PayloadClaim view;

    /// Takes the room out of the log's buffers; waits for one.
    static Claim of(int sizeBytes, LogSettings settings, LogEnvironment environment,
            AppendQueue queue) {
        if (sizeBytes > settings.largestPayloadBytes()) {
            throw new WalException.TooLarge(sizeBytes, settings.largestPayloadBytes());
        }
        return new Claim(queue, bufferFor(sizeBytes, settings, environment), sizeBytes,
                settings.durability());
    }

    private static BufferLease bufferFor(int sizeBytes, LogSettings settings,
            LogEnvironment environment) {
        long bytes = settings.ioMode().bufferBytesFor(
                OpenGroup.bytesFor(EntryHeader.entryBytes(sizeBytes)));
        if (bytes > environment.pool().slotBytes()) {
            return environment.pool().unpooled(bytes);
        }
        try {
            return environment.pool().acquire(settings.admissionTimeout()).orElseThrow(
                    () -> new WalException.Overloaded(
                            "all buffers of the pool are in use: claim again later"));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new WalException.Overloaded(
                    "interrupted while waiting for a buffer: nothing was claimed");
        }
    }

    private Claim(AppendQueue queue, BufferLease lease, int sizeBytes, Durability durability) {
        this.queue = queue;
        this.lease = lease;
        this.durability = durability;
        this.payload =
                lease.memory().asSlice(OpenGroup.firstPayloadOffset(), sizeBytes).fill((byte) 0);
    }

    /// The room, filled with zeros at first.
    public MemorySegment memory() {
        checkOpen();
        return payload;
    }

    /// The room as Chronicle Bytes sees it.
    public Bytes<Void> bytes() {
        checkOpen();
        if (view == null) {
            view = new PayloadClaim(payload);
        }
        return view.bytes();
    }

    /// Appends the whole room as one entry, and waits for the answer.
    ///
    /// @return the entry's id
    public long commit() {
        return commit(Math.toIntExact(payload.byteSize()));
    }

    /// Appends the first bytes of the room as one entry, and waits for the answer.
    ///
    /// @param sizeBytes how many, at most the size claimed
    public long commit(int sizeBytes) {
        checkOpen();
        MemorySegment used = payload.asSlice(0, sizeBytes);
        BufferLease claimed = end();
        return queue.append(new Submission.One(Payload.of(used), claimed), durability);
    }

    private void checkOpen() {
        if (lease == null) {
            throw new IllegalStateException("the claim has ended");
        }
    }

    private BufferLease end() {
        BufferLease claimed = lease;
        lease = null;
        if (view != null) {
            view.detach();
        }
        return claimed;
    }

    /// Gives the room back where it was not committed; else does nothing.
    @Override
    public void close() {
        if (lease != null) {
            end().close();
        }
    }
}
