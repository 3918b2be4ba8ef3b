package io.duramen.wal.log;

import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.io.IoFile;

/// The fragment a log grows in: its writer, its file, and what readers see of it.
///
/// @param file open for writing; whoever owns the tip closes it
public record LogTip(FragmentWriter writer, Fragment fragment, IoFile file) {}
