package io.duramen.wal.log;

import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.io.IoFile;

/// A fragment that a log writes: at first only its writer, so that entries can be encoded for it at once; its
/// file comes with the first group that is written to it.
final class WritableFragment {
    private final FragmentWriter writer;
    private Fragment fragment;
    private IoFile file;

    WritableFragment(FragmentWriter writer) {
        this.writer = writer;
    }

    static WritableFragment of(LogTip tip) {
        WritableFragment target = new WritableFragment(tip.writer());
        target.attach(tip.fragment(), tip.file());
        return target;
    }

    void attach(Fragment toFragment, IoFile toFile) {
        fragment = toFragment;
        file = toFile;
    }

    FragmentWriter writer() {
        return writer;
    }

    boolean hasFile() {
        return file != null;
    }

    Fragment fragment() {
        return fragment;
    }

    IoFile file() {
        return file;
    }
}
