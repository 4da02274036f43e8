package dev.leat;

import dev.leat.spi.StepFacts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A graph in words and as a picture, for people. */
final class GraphText {

    private final String name;
    private final Graph graph;
    private final Map<Integer, List<String>> stagesOf = new TreeMap<>();

    GraphText(String name, Graph graph) {
        this.name = name;
        this.graph = graph;
        graph.outputs()
                .values()
                .forEach(output -> stagesOf.computeIfAbsent(output.node(), n -> new ArrayList<>())
                        .add(output.stage().name()));
    }

    /** A line for each node, then what each stage costs beside the others, then where sharing is lost. */
    String lines() {
        StringBuilder text = new StringBuilder("pipeline ")
                .append(name)
                .append(": ")
                .append(graph.outputs().size())
                .append(graph.outputs().size() == 1 ? " stage, " : " stages, ")
                .append(graph.size())
                .append(" nodes\n");
        for (int i = 0; i < graph.size(); i++) {
            text.append(String.format(Locale.ROOT, "  %3d  %-24s", i, kind(i)));
            List<Integer> below = graph.node(i).below();
            if (!below.isEmpty()) {
                text.append(" of ").append(below.toString().replaceAll("[\\[\\]]", ""));
            }
            if (graph.uses(i) > 1) {
                text.append("  (shared by ").append(graph.uses(i)).append(')');
            }
            List<String> stages = stagesOf.get(i);
            if (stages != null) {
                text.append("  => ").append(String.join(", ", stages));
            }
            text.append('\n');
        }
        costs(text);
        losses(text);
        return text.toString();
    }

    private void costs(StringBuilder text) {
        GraphCosts costs = graph.costs();
        int dearest = 0;
        for (int i = 1; i < graph.size(); i++) {
            if (costs.mean(i) > costs.mean(dearest)) {
                dearest = i;
            }
        }
        double whole = costs.mean(dearest);
        if (whole == 0) {
            text.append("costs are measured while it runs: run it, or warmUp(..), and ask again\n");
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "what each stage adds to the others, in %% of %s (%.3f ms)%n",
                kind(dearest).replace("* ", ""),
                whole / 1e6));
        graph.outputs().values().forEach(output -> {
            Set<Integer> own = reached(output.node());
            graph.outputs().values().forEach(other -> {
                if (other != output) {
                    own.removeAll(reached(other.node()));
                }
            });
            double sum = own.stream().mapToDouble(costs::mean).sum();
            text.append(String.format(
                    Locale.ROOT, "  + %s: %.1f %%%n", output.stage().name(), 100 * sum / whole));
        });
    }

    private Set<Integer> reached(int output) {
        Set<Integer> reached = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(output));
        while (!open.isEmpty()) {
            int node = open.pop();
            if (reached.add(node)) {
                open.addAll(graph.node(node).below());
            }
        }
        return reached;
    }

    private void losses(StringBuilder text) {
        Map<Object, List<Integer>> equalSteps = new LinkedHashMap<>();
        Map<String, Map<Object, Integer>> byName = new LinkedHashMap<>();
        for (int i = 0; i < graph.size(); i++) {
            if (graph.node(i) instanceof Node.Step node && node.facts().work() == StepFacts.Work.HEAVY) {
                equalSteps.computeIfAbsent(node.step(), s -> new ArrayList<>()).add(i);
                byName.computeIfAbsent(node.facts().name(), n -> new LinkedHashMap<>())
                        .putIfAbsent(node.step(), i);
                if (graph.costs().wasUnkeyed(i)) {
                    text.append("not shared between runs, not cached: ")
                            .append(i)
                            .append(", as its input has no content key; give the stage before it keyedBy(..)\n");
                }
            }
        }
        equalSteps.values().stream()
                .filter(nodes -> nodes.size() > 1)
                .forEach(
                        nodes -> text.append("one run only if their inputs turn out equal: ")
                                .append(nodes)
                                .append(
                                        ", equal steps on different nodes; one function object, or a record, would make them one\n"));
        byName.values().stream()
                .filter(steps -> steps.size() > 1)
                .forEach(steps -> text.append("nothing shared: ")
                        .append(steps.values())
                        .append(", steps of one name with other models or parameters\n"));
    }

    /** A Mermaid flowchart, as Markdown renderers draw it. */
    String mermaid() {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        for (int i = 0; i < graph.size(); i++) {
            boolean heavy =
                    graph.node(i) instanceof Node.Step step && step.facts().work() == StepFacts.Work.HEAVY;
            boolean decision = !(graph.node(i) instanceof Node.Value);
            String label = quoted(kind(i).replace("* ", ""));
            text.append("  n")
                    .append(i)
                    .append(heavy ? "[[" : decision ? "{" : "(")
                    .append(label)
                    .append(heavy ? "]]" : decision ? "}" : ")")
                    .append('\n');
            for (int below : new java.util.LinkedHashSet<>(graph.node(i).below())) {
                text.append("  n").append(below).append(" --> n").append(i).append('\n');
            }
        }
        for (Graph.Output output : graph.outputs().values()) {
            text.append("  n")
                    .append(output.node())
                    .append(" --> s")
                    .append(output.place())
                    .append("([")
                    .append(quoted(output.stage().name()))
                    .append("])\n");
        }
        return text.toString();
    }

    private static String quoted(String label) {
        return '"' + label.replace("\"", "#quot;") + '"';
    }

    private String kind(int number) {
        Node node = graph.node(number);
        String label = graph.label(number);
        if (node instanceof Node.Step step) {
            StepFacts facts = step.facts();
            String model =
                    facts.models().isEmpty() ? "" : " [" + facts.models().get(0).id() + "]";
            return (facts.work() == StepFacts.Work.HEAVY ? "* " : "") + facts.name() + model;
        }
        String type = node.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return type.equals(label) ? type : type + " " + label;
    }
}
