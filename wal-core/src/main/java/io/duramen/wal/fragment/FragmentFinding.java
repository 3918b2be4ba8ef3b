package io.duramen.wal.fragment;

/// Something in a fragment that is not as it should be.
///
/// @param offset where in the file, in bytes
/// @param entryId the entry meant or expected there, -1 where no single one is
/// @param what a sentence about the file
public record FragmentFinding(Severity severity, long offset, long entryId, String what) {
    /// Whether anything that counts is wrong.
    public enum Severity {
        /// Bytes that were promised, or that must be zero, are not as they were written.
        DAMAGE,
        /// What a crash leaves behind, and recovery settles or has settled.
        NOTE
    }

    static FragmentFinding damage(long offset, long entryId, String what) {
        return new FragmentFinding(Severity.DAMAGE, offset, entryId, what);
    }

    static FragmentFinding note(long offset, long entryId, String what) {
        return new FragmentFinding(Severity.NOTE, offset, entryId, what);
    }
}
