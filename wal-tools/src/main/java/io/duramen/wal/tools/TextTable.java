package io.duramen.wal.tools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows in columns as wide as they need to be.
final class TextTable {
    private final boolean[] right;
    private final List<String[]> rows = new ArrayList<>();

    /// @param heads of the columns; one that starts with `>` is set flush right
    TextTable(String... heads) {
        right = new boolean[heads.length];
        String[] names = new String[heads.length];
        for (int i = 0; i < heads.length; i++) {
            right[i] = heads[i].startsWith(">");
            names[i] = right[i] ? heads[i].substring(1) : heads[i];
        }
        rows.add(names);
    }

    void row(Object... cells) {
        rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                int column = i;
                int width = rows.stream().mapToInt(it -> it[column].length()).max().orElse(0);
                String pad = " ".repeat(width - row[i].length());
                line.append(right[i] ? pad + row[i] : row[i] + pad).append("  ");
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
