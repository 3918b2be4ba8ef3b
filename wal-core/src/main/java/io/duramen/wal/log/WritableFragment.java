package io.duramen.wal.log;

import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.io.IoFile;

/// The fragment a log grows in: its writer, its file, and what readers see of it. At first it is
/// only a writer, so that entries can be encoded for it at once;
/// [Rotation#activate(WritableFragment)] gives it its file.
///
/// Belongs to the log's owner, who closes the file.
public final class WritableFragment {
    private final FragmentWriter writer;
    private Fragment fragment;
    private IoFile file;

    WritableFragment(FragmentWriter writer) {
        this.writer = writer;
    }

    WritableFragment(FragmentWriter writer, Fragment fragment, IoFile file) {
        this.writer = writer;
        attach(fragment, file);
    }

    void attach(Fragment toFragment, IoFile toFile) {
        fragment = toFragment;
        file = toFile;
    }

    public FragmentWriter writer() {
        return writer;
    }

    boolean hasFile() {
        return file != null;
    }

    public Fragment fragment() {
        return fragment;
    }

    public IoFile file() {
        return file;
    }
}
