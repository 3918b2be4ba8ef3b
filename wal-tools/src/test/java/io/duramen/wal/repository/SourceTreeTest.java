package io.duramen.wal.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What holds for the Java sources of every module, tests included: small files, small methods, no
/// dumping grounds.
class SourceTreeTest {
    private static final int FILE_LINES_MAX = 400;
    /// A sealed type's list of its kinds, each with its fields and sentence: one page is easier to
    /// read than many.
    private static final String CATALOGUE = "WalException.java";
    private static final int METHOD_LINES_MAX = 60;
    private static final int LINE_COLUMNS_MAX = 100;
    private static final Pattern DUMPING_GROUND =
            Pattern.compile(".*(Utils?|Utilit(y|ies)|Helpers?|Managers?|Impl2)");
    private static final Pattern DUMPING_FOLDER =
            Pattern.compile(".*/(utils?|common|helpers?|managers?|impl2)/.*");

    private static List<Path> sources;
    private static List<Type> types;
    private static List<Method> methods;

    private record Type(String place, String name) {}

    private record Method(String place, String name, long lines) {}

    @BeforeAll
    static void parse() throws IOException {
        sources = Repository.files("", ".java");
        types = new ArrayList<>();
        methods = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, files, null,
                    List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Measure(unit, positions).scan(unit, null);
            }
        }
    }

    @Test
    void sources_are_found() {
        assertThat(types).extracting(Type::name).contains("WalException", "SourceTreeTest");
        assertThat(methods).extracting(Method::name).contains("sources_are_found");
    }

    @Test
    void a_file_has_at_most_400_lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : sources) {
            int lines = Files.readAllLines(source).size();
            if (lines > FILE_LINES_MAX && !source.endsWith(CATALOGUE)) {
                tooLong.add(Repository.nameOf(source) + " has " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void a_method_has_at_most_60_lines() {
        assertThat(methods).noneMatch(method -> method.lines() > METHOD_LINES_MAX);
    }

    @Test
    void a_line_has_at_most_100_columns() throws IOException {
        List<String> tooWide = new ArrayList<>();
        for (Path source : sources) {
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).codePointCount(0, lines.get(i).length()) > LINE_COLUMNS_MAX) {
                    tooWide.add(Repository.nameOf(source) + ":" + (i + 1));
                }
            }
        }
        assertThat(tooWide).isEmpty();
    }

    @Test
    void no_type_or_package_is_a_dumping_ground() {
        assertThat(types).noneMatch(type -> DUMPING_GROUND.matcher(type.name()).matches());
        assertThat(sources).extracting(Repository::nameOf)
                .noneMatch(name -> DUMPING_FOLDER.matcher(name).matches());
    }

    /// Collects the types and methods of one file.
    private static final class Measure extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final LineMap lines;

        Measure(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
            this.lines = unit.getLineMap();
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            long line = lines.getLineNumber(positions.getStartPosition(unit, type));
            types.add(new Type(placeOf(line), type.getSimpleName().toString()));
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            long end = positions.getEndPosition(unit, method);
            if (end >= 0) {
                long first = lines.getLineNumber(positions.getStartPosition(unit, method));
                long count = lines.getLineNumber(end) - first + 1;
                methods.add(new Method(placeOf(first), method.getName().toString(), count));
            }
            return super.visitMethod(method, nothing);
        }

        private String placeOf(long line) {
            return Repository.nameOf(Path.of(unit.getSourceFile().toUri())) + ":" + line;
        }
    }
}
