package dev.leat;

import dev.leat.Provenance.ModelIdentity;
import dev.leat.Provenance.Origin;
import dev.leat.Settled.Source;
import dev.leat.guard.Guard;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.StepFacts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a pipeline compiled into one graph, in which equal nodes are one node; immutable but for its costs.
 *
 * <p>A node's number is larger than the numbers of all nodes below it.
 */
final class Graph {

    private final List<Node> nodes;
    private final List<Source> sources;
    private final int[][] below;
    private final Map<Stage<?, ?>, Output> outputs;
    private final boolean[] meetsByContent;
    private final Reads[] reads;
    private final int[] uses;
    private final int[][] fills;
    private final int[][] filledBy;
    private final int input;
    private final GraphCosts costs;

    /** A stage of the pipeline: its place among them, and the node that answers it. */
    record Output(Stage<?, ?> stage, int place, int node) {}

    private Graph(List<Node> nodes, List<Source> sources, Map<Stage<?, ?>, Output> outputs, int input) {
        this.input = input;
        this.nodes = List.copyOf(nodes);
        this.sources = List.copyOf(sources);
        this.below = nodes.stream()
                .map(node -> node.below().stream().mapToInt(b -> b).toArray())
                .toArray(int[][]::new);
        this.outputs = outputs;
        this.meetsByContent = meetsByContent(nodes);
        this.reads = reads(nodes, outputs.values());
        this.costs = new GraphCosts(nodes.size());
        this.uses = new int[nodes.size()];
        for (int[] each : below) {
            for (int b : each) {
                uses[b]++;
            }
        }
        this.fills = new int[nodes.size()][0];
        this.filledBy = new int[nodes.size()][0];
        for (int i = 0; i < filledBy.length; i++) {
            if (nodes.get(i) instanceof Node.Cached cached) {
                fill(i, cached);
            }
        }
    }

    private void fill(int number, Node.Cached cached) {
        int below = cached.step();
        while (below != cached.origin()) {
            if (nodes.get(below) instanceof Node.Step step) {
                if (step.facts().work() == StepFacts.Work.HEAVY) {
                    fills[below] = with(fills[below], number);
                    filledBy[number] = with(filledBy[number], below);
                }
                below = step.input();
            } else {
                below = ((Node.Cached) nodes.get(below)).step();
            }
        }
    }

    private static int[] with(int[] numbers, int another) {
        int[] more = Arrays.copyOf(numbers, numbers.length + 1);
        more[numbers.length] = another;
        return more;
    }

    /**
     * Compiles stages.
     *
     * @param replacements what stands in for a stage wherever it occurs
     * @param ttl how old results may be whose stages say nothing about it; null: they are not cached
     */
    static Graph of(
            List<? extends Stage<?, ?>> stages,
            @Nullable Guard<?> guard,
            Map<? extends Stage<?, ?>, ? extends Stage<?, ?>> replacements,
            @Nullable Duration ttl) {
        Compiler compiler = new Compiler(replacements, ttl);
        int input = compiler.node(new Node.Input(), "input");
        if (guard != null) {
            input = compiler.node(new Node.Guarded(untypedGuard(guard), input), "guard");
        }
        compiler.pipelineInput = input;
        Map<Stage<?, ?>, Output> outputs = new LinkedHashMap<>();
        for (Stage<?, ?> stage : stages) {
            if (!outputs.containsKey(stage)) {
                outputs.put(stage, new Output(stage, outputs.size(), compiler.compile(stage, input)));
            }
        }
        return new Graph(compiler.nodes, compiler.sources, outputs, input);
    }

    /** The node whose value is the input that stages see: what the guard has made of it. */
    int input() {
        return input;
    }

    /** What its nodes took so far; the one thing of a graph that changes. */
    GraphCosts costs() {
        return costs;
    }

    int size() {
        return nodes.size();
    }

    Node node(int number) {
        return nodes.get(number);
    }

    String label(int number) {
        return source(number).name();
    }

    Source source(int number) {
        return sources.get(number);
    }

    /** The nodes that a node reads, in a fixed order; not to be changed. */
    int[] below(int number) {
        return below[number];
    }

    /** The stages in the order in which they were added, with their nodes. */
    Map<Stage<?, ?>, Output> outputs() {
        return outputs;
    }

    /** Whether another node of an equal step exists, so that the two may turn out to be equal work in a run. */
    boolean mayMeetByContent(int number) {
        return meetsByContent[number];
    }

    /** What is read of a step's values in this graph, at this node or at one that may turn out to be equal. */
    Reads reads(int number) {
        return reads[number];
    }

    /** How many nodes read this one. */
    int uses(int number) {
        return uses[number];
    }

    /** The cached nodes that a heavy step's value goes into; not to be changed. */
    int[] fills(int number) {
        return fills[number];
    }

    /** The heavy steps between a cached node and what its key starts from; not to be changed. */
    int[] filledBy(int number) {
        return filledBy[number];
    }

    Set<ModelReference<?>> models() {
        Set<ModelReference<?>> models = new LinkedHashSet<>();
        for (Node node : nodes) {
            if (node instanceof Node.Step step) {
                models.addAll(step.facts().models());
            }
        }
        return models;
    }

    /** The steps whose values are cached on behalf of a stage. */
    Set<BatchStep<?, ?>> cachedSteps(Stage<?, ?> stage) {
        Set<BatchStep<?, ?>> steps = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(
                List.of(Objects.requireNonNull(outputs.get(stage), "stage").node()));
        while (!open.isEmpty()) {
            int number = open.pop();
            if (nodes.get(number) instanceof Node.Cached cached && nodes.get(cached.step()) instanceof Node.Step step) {
                steps.add(step.step());
            }
            open.addAll(nodes.get(number).below());
        }
        return steps;
    }

    private static boolean[] meetsByContent(List<Node> nodes) {
        Map<Object, Integer> first = new HashMap<>();
        boolean[] meets = new boolean[nodes.size()];
        for (int i = 0; i < meets.length; i++) {
            if (nodes.get(i) instanceof Node.Step step) {
                Integer other = first.putIfAbsent(step.step(), i);
                if (other != null) {
                    meets[i] = true;
                    meets[other] = true;
                }
            }
        }
        return meets;
    }

    /** Nodes come after those that they read, so that from the last to the first each one's readers are known. */
    private static Reads[] reads(List<Node> nodes, Iterable<Output> outputs) {
        Reads[] reads = new Reads[nodes.size()];
        Arrays.fill(reads, Reads.NO_PART);
        for (Output output : outputs) {
            reads[output.node()] = Reads.WHOLE;
        }
        Map<Object, Reads> ofStep = new HashMap<>();
        for (int i = reads.length - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            Reads below = node instanceof Node.Step step
                    ? Reads.of(step.facts().reads())
                    : node instanceof Node.Value ? Reads.WHOLE : reads[i]; // a decision hands on what it was given
            for (int b : node.below()) {
                reads[b] = reads[b].and(below);
            }
            if (node instanceof Node.Step step) {
                ofStep.merge(step.step(), reads[i], Reads::and);
            }
        }
        for (int i = 0; i < reads.length; i++) {
            if (nodes.get(i) instanceof Node.Step step) {
                reads[i] = ofStep.getOrDefault(step.step(), reads[i]);
            }
        }
        return reads;
    }

    // The compiler trusts the typed API: whoever built the stage has checked that the types fit.
    @SuppressWarnings("unchecked")
    private static Guard<Object> untypedGuard(Guard<?> guard) {
        return (Guard<Object>) guard;
    }

    @SuppressWarnings("unchecked")
    private static Function<Object, @Nullable Object> untyped(Function<?, ?> function) {
        return (Function<Object, @Nullable Object>) function;
    }

    @SuppressWarnings("unchecked")
    private static Predicate<Object> untypedTest(Predicate<?> predicate) {
        return (Predicate<Object>) predicate;
    }

    @SuppressWarnings("unchecked")
    private static Predicate<RunOptions> optionsTest(Predicate<?> predicate) {
        return (Predicate<RunOptions>) predicate;
    }

    @SuppressWarnings("unchecked")
    private static BatchStep<Object, Object> untypedStep(BatchStep<?, ?> step) {
        return (BatchStep<Object, Object>) step;
    }

    @SuppressWarnings("unchecked")
    private static BiFunction<Object, Object, @Nullable Object> untypedPair(BiFunction<?, ?, ?> function) {
        return (BiFunction<Object, Object, @Nullable Object>) function;
    }

    /** Turns stages into nodes; a node that exists already is used again. */
    private static final class Compiler {
        final List<Node> nodes = new ArrayList<>();
        final List<Source> sources = new ArrayList<>();
        private final Map<Node, Integer> numbers = new HashMap<>();
        private final Map<? extends Stage<?, ?>, ? extends Stage<?, ?>> replacements;
        private int pipelineInput;
        private @Nullable Duration ttl; // of the results that are being compiled; null: not kept

        Compiler(Map<? extends Stage<?, ?>, ? extends Stage<?, ?>> replacements, @Nullable Duration ttl) {
            this.replacements = replacements;
            this.ttl = ttl;
        }

        int node(Node node, String label) {
            Integer known = numbers.putIfAbsent(node, nodes.size());
            if (known != null) {
                return known;
            }
            nodes.add(node);
            sources.add(source(node, label));
            return nodes.size() - 1;
        }

        private static Source source(Node node, String label) {
            if (node instanceof Node.Step step) {
                StepFacts facts = step.facts();
                List<ModelIdentity> models = facts.models().stream()
                        .map(m -> new ModelIdentity(m.id(), m.version(), m.digest()))
                        .toList();
                return new Source(label, facts.origin(), models, facts.costUnit());
            }
            Origin origin = node instanceof Node.Guarded ? Origin.RULE : Origin.FUNCTION;
            return new Source(label, origin, List.of(), "items");
        }

        int compile(Stage<?, ?> stage, int input) {
            Stage<?, ?> replacement = replacements.get(stage);
            return form(Stages.form(replacement == null ? stage : replacement), input);
        }

        private int form(Stages.Form form, int input) {
            String name = form.name();
            if (form instanceof Stages.Func f) {
                return node(new Node.Func(untyped(f.function()), input), name);
            } else if (form instanceof Stages.Step f) {
                int step = node(new Node.Step(untypedStep(f.step()), input), name);
                return ttl == null || !f.step().facts().result()
                        ? step
                        : node(new Node.Cached(ttl.toNanos(), origin(input), step), name);
            } else if (form instanceof Stages.Constant f) {
                return node(new Node.Constant(f.value()), name);
            } else if (form instanceof Stages.Named f) {
                return compile(f.stage(), input);
            } else if (form instanceof Stages.Then f) {
                Duration outer = ttl;
                boolean near = hasResult(f.second());
                int first = within(near ? null : outer, f.first(), input);
                return within(near ? outer : null, f.second(), first);
            } else if (form instanceof Stages.Cached f) {
                return within(f.ttl(), f.stage(), input);
            } else if (form instanceof Stages.WhenInput f) {
                int test = node(new Node.Test(untypedTest(f.condition()), input), f.code());
                return node(new Node.When(f.code(), input, test, compile(f.stage(), input)), name);
            } else if (form instanceof Stages.WhenOptions f) {
                int test = node(new Node.OptionsTest(f.condition(), input), f.code());
                return node(new Node.When(f.code(), input, test, compile(f.stage(), input)), name);
            } else if (form instanceof Stages.WhenStage f) {
                String gate = f.gate().name();
                int test = node(new Node.Test(untypedTest(f.condition()), compile(f.gate(), input)), gate);
                return node(new Node.When(gate, input, test, compile(f.stage(), input)), name);
            } else if (form instanceof Stages.OrElse f) {
                return node(new Node.OrElse(compile(f.stage(), input), compile(f.fallback(), input)), name);
            } else if (form instanceof Stages.FailClosed f) {
                return node(new Node.FailClosed(f.value(), compile(f.stage(), input)), name);
            } else if (form instanceof Stages.Timeout f) {
                return node(new Node.Timeout(f.timeout().toNanos(), compile(f.stage(), input)), name);
            } else if (form instanceof Stages.Race f) {
                return node(
                        new Node.Race(f.contenders().stream()
                                .map(s -> compile(s, input))
                                .toList()),
                        name);
            } else if (form instanceof Stages.Choice f) {
                return choice(f, input);
            } else if (form instanceof Stages.Escalate f) {
                int cheap = compile(f.cheap(), input);
                int unsure = node(new Node.Test(untypedTest(f.unsure()), cheap), "unsure");
                return node(new Node.Escalate(cheap, unsure, compile(f.dear(), input)), name);
            } else if (form instanceof Stages.Combine f) {
                return node(
                        new Node.Combine(
                                untypedPair(f.function()), compile(f.first(), input), compile(f.second(), input)),
                        name);
            } else if (form instanceof Stages.Windowed f) {
                if (input != pipelineInput) {
                    throw new IllegalStateException("Stage '" + name + "' reads its session's window, which holds the"
                            + " pipeline's inputs, but is not on the pipeline's input: apply on(..) or then(..) to the"
                            + " stage inside window(..)");
                }
                return compile(f.stage(), node(new Node.Window(input), "window"));
            } else if (form instanceof Stages.Keyed f) {
                return node(new Node.Keyed(untyped(f.key()), compile(f.stage(), input)), name);
            }
            throw new AssertionError("Unknown form " + form.getClass() + "; this is a bug");
        }

        private int origin(int number) {
            Node node = nodes.get(number);
            return node instanceof Node.Step step
                    ? origin(step.input())
                    : node instanceof Node.Cached cached ? cached.origin() : number;
        }

        private int within(@Nullable Duration inner, Stage<?, ?> stage, int input) {
            Duration outer = ttl;
            ttl = inner;
            try {
                return compile(stage, input);
            } finally {
                ttl = outer;
            }
        }

        /** Whether what a stage gives comes from a step that calls its values results. */
        private boolean hasResult(Stage<?, ?> stage) {
            Stage<?, ?> replacement = replacements.get(stage);
            Stages.Form form = Stages.form(replacement == null ? stage : replacement);
            return form instanceof Stages.Step f
                    ? f.step().facts().result()
                    : Stages.parts(form).stream().anyMatch(this::hasResult);
        }

        private static Node test(Stages.Branch branch, int input) {
            return branch.onOptions()
                    ? new Node.OptionsTest(optionsTest(branch.condition()), input)
                    : new Node.Test(untypedTest(branch.condition()), input);
        }

        private int choice(Stages.Choice form, int input) {
            List<String> names = new ArrayList<>();
            List<Integer> pairs = new ArrayList<>();
            for (Stages.Branch branch : form.branches()) {
                names.add(branch.name());
                pairs.add(node(test(branch, input), branch.name()));
                pairs.add(compile(branch.stage(), input));
            }
            return node(
                    new Node.Choice(List.copyOf(names), List.copyOf(pairs), compile(form.otherwise(), input)),
                    form.name());
        }
    }
}
