package io.duramen.wal.log;

/// What recovery does about the end of a log. The whole decision:
///
/// | proof that the id was durable | bytes follow, or a batch is cut | verdict |
/// |---|---|---|
/// | yes | either | `REFUSE` |
/// | no | yes | `CUT` |
/// | no | no | `KEEP` |
public enum TailVerdict {
    /// The log ends cleanly: nothing was being written when the writer ended.
    KEEP,
    /// A write was cut short, and nobody was promised what it held: keep a copy, zero it, go on
    /// before it.
    CUT,
    /// A promise was made about what should be here: open nothing, change nothing.
    REFUSE;

    public static TailVerdict of(TailEvidence seen) {
        if (seen.provenByGroupRecord() || seen.provenByStatus()) {
            return REFUSE;
        }
        return seen.bytesFollow() || seen.batchCut() ? CUT : KEEP;
    }
}
