package io.duramen.wal.actors;

import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.util.function.Predicate;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/// Whom the actors may know.
@AnalyzeClasses(packages = "io.duramen.wal.actors",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.duramen.wal";

    @ArchTest
    static final ArchRule actors_know_the_core_and_not_who_uses_them = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".streams..",
                    ROOT + ".persistence..", ROOT + ".tools..", "org.apache.pekko.stream..");

    @ArchTest
    static final ArchRule drivers_are_chosen_by_the_environment = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".os..",
                    ROOT + ".io.posix..", ROOT + ".io.uring..", "sun..", "jdk.internal..");

    @ArchTest
    static final ArchRule logging_is_slf4j = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage("java.util.logging..",
                    "ch.qos.logback..");

    @ArchTest
    static final ArchRule nobody_sleeps =
            noClasses().should().callMethod(Thread.class, "sleep", long.class)
                    .orShould().callMethod(Thread.class, "sleep", Duration.class);

    @ArchTest
    static final ArchRule protocols_are_sealed = classes()
            .that(are("interfaces of messages", type -> type.isInterface()
                    && type.isAssignableTo(NoSerializationVerificationNeeded.class)))
            .should(be(are("sealed", type -> type.reflect().isSealed())));

    private static DescribedPredicate<JavaClass> are(String what,
            Predicate<JavaClass> test) {
        return DescribedPredicate.describe(what, test);
    }
}
