package dev.leat.text.encode;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * BERT's uncased tokenizer in Java: the same tokens at the same places as Hugging Face's {@code tokenizers}, without
 * native code; immutable, thread-safe.
 *
 * <p>It follows that crate's {@code BertNormalizer} (clean text, Chinese characters apart, NFD without non-spacing marks,
 * lower case), {@code BertPreTokenizer} and {@code WordPiece} (longest match first). Only texts with marks that NFD may
 * put into another order are left to the native one, which is also this class's oracle: {@code WordPieceTest} compares
 * them on every code point and on random texts.
 */
final class WordPiece {

    private static final String CONTINUING = "##";

    private final Vocabulary vocabulary;
    private final Map<String, Integer> special;
    private final SpecialTokens ends;
    private final int unknown;
    private final int maxWordChars;

    private WordPiece(
            Vocabulary vocabulary, Map<String, Integer> special, SpecialTokens ends, int unknown, int maxWordChars) {
        this.vocabulary = vocabulary;
        this.special = special;
        this.ends = ends;
        this.unknown = unknown;
        this.maxWordChars = maxWordChars;
    }

    /** Tokens that begin words, and those that continue them. */
    private static final class Vocabulary {
        private final Trie words = new Trie();
        private final Trie continuations = new Trie();
    }

    /** Returns the tokenizer that a {@code tokenizer.json} describes; empty if it is not of this kind in every respect. */
    static Optional<WordPiece> of(byte[] tokenizerJson) {
        JsonObject rest = new JsonObject();
        Vocabulary vocabulary = new Vocabulary();
        try (JsonReader reader = new JsonReader(
                new InputStreamReader(new ByteArrayInputStream(tokenizerJson), StandardCharsets.UTF_8))) {
            read(reader, rest, vocabulary);
            JsonObject model = rest.getAsJsonObject("model");
            Map<String, Integer> special = special(rest.getAsJsonArray("added_tokens"));
            int unknown = vocabulary.words.id(text(model, "unk_token"));
            SpecialTokens ends = ends(rest.getAsJsonObject("post_processor"));
            if (special == null || ends == null || unknown < 0 || !isUncasedBert(rest, model)) {
                return Optional.empty();
            }
            int maxWordChars = model.get("max_input_chars_per_word").getAsInt();
            return Optional.of(new WordPiece(vocabulary, special, ends, unknown, maxWordChars));
        } catch (IOException
                | JsonParseException
                | ClassCastException
                | IllegalStateException
                | NullPointerException
                | NumberFormatException
                | UnsupportedOperationException e) {
            return Optional.empty(); // the native tokenizer says what is wrong, if anything is
        }
    }

    /** Reads a tokenizer; its vocabulary, nearly all of it, goes straight to where it is needed. */
    private static void read(JsonReader reader, JsonObject rest, Vocabulary vocabulary) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (!name.equals("model")) {
                rest.add(name, JsonParser.parseReader(reader));
                continue;
            }
            JsonObject model = new JsonObject();
            rest.add(name, model);
            reader.beginObject();
            while (reader.hasNext()) {
                String part = reader.nextName();
                if (part.equals("vocab")) {
                    readVocabulary(reader, vocabulary);
                } else {
                    model.add(part, JsonParser.parseReader(reader));
                }
            }
            reader.endObject();
        }
        reader.endObject();
    }

    private static void readVocabulary(JsonReader reader, Vocabulary vocabulary) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            String token = reader.nextName();
            int id = reader.nextInt();
            vocabulary.words.put(token, 0, id);
            if (token.startsWith(CONTINUING) && token.length() > CONTINUING.length()) {
                vocabulary.continuations.put(token, CONTINUING.length(), id);
            }
        }
        reader.endObject();
    }

    private static boolean isUncasedBert(JsonObject json, JsonObject model) {
        JsonObject normalizer = json.getAsJsonObject("normalizer");
        return text(normalizer, "type").equals("BertNormalizer")
                && normalizer.get("clean_text").getAsBoolean()
                && normalizer.get("handle_chinese_chars").getAsBoolean()
                && normalizer.get("strip_accents").isJsonNull()
                && normalizer.get("lowercase").getAsBoolean()
                && text(json.getAsJsonObject("pre_tokenizer"), "type").equals("BertPreTokenizer")
                && text(model, "type").equals("WordPiece")
                && text(model, "continuing_subword_prefix").equals(CONTINUING);
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    /** Returns the tokens that are found as they are written, before all else; null if one asks for more than that. */
    private static @Nullable Map<String, Integer> special(JsonArray added) {
        Map<String, Integer> special = new LinkedHashMap<>();
        for (JsonElement each : added) {
            JsonObject token = each.getAsJsonObject();
            for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
                if (token.get(flag).getAsBoolean()) {
                    return null;
                }
            }
            if (!token.get("special").getAsBoolean() || !text(token, "content").startsWith("[")) {
                return null;
            }
            special.put(text(token, "content"), token.get("id").getAsInt());
        }
        return special;
    }

    /** Returns the tokens around a text, {@code [CLS] text [SEP]}; null if they stand elsewhere. */
    private static @Nullable SpecialTokens ends(JsonObject processor) {
        JsonArray single = processor.getAsJsonArray("single");
        if (!text(processor, "type").equals("TemplateProcessing")
                || single.size() != 3
                || !single.get(1).getAsJsonObject().has("Sequence")) {
            return null;
        }
        JsonObject tokens = processor.getAsJsonObject("special_tokens");
        return new SpecialTokens(templateToken(single.get(0), tokens), templateToken(single.get(2), tokens));
    }

    private static long templateToken(JsonElement piece, JsonObject tokens) {
        JsonObject token = piece.getAsJsonObject().getAsJsonObject("SpecialToken");
        JsonArray ids = tokens.getAsJsonObject(text(token, "id")).getAsJsonArray("ids");
        return ids.getAsLong(); // an array of another size than 1 is an IllegalStateException
    }

    /** Returns the tokens around a text. */
    SpecialTokens ends() {
        return ends;
    }

    /** Returns the tokens of a text and their places; null if only the native tokenizer knows them. */
    TextTokenizer.@Nullable Tokens tokenize(String text) {
        Reading reading = new Reading(text);
        int from = 0;
        for (int at = text.indexOf('['); at >= 0; at = text.indexOf('[', at)) {
            String found = specialAt(text, at);
            if (found == null) {
                at++;
                continue;
            }
            if (!reading.read(from, at)) {
                return null;
            }
            Integer id = special.get(found);
            from = at + found.length();
            reading.addSpecial(id == null ? unknown : id, at, from);
            at = from;
        }
        return reading.read(from, text.length()) ? reading.tokens() : null;
    }

    private @Nullable String specialAt(String text, int at) {
        String longest = null;
        for (String each : special.keySet()) {
            if (text.startsWith(each, at) && (longest == null || each.length() > longest.length())) {
                longest = each;
            }
        }
        return longest;
    }

    /** One pass over a text; confined. */
    private final class Reading {
        private final String text;
        private long[] ids = new long[32];
        private int[] starts = new int[32];
        private int[] ends = new int[32];
        private int[] words = new int[32];
        private int size;
        private int wordNumber;

        /** The word that is being read: its code points after normalisation, and the place that each came from. */
        private int[] word = new int[32];

        private int[] wordStarts = new int[32];
        private int[] wordEnds = new int[32];
        private int length;

        Reading(String text) {
            this.text = text;
        }

        TextTokenizer.Tokens tokens() {
            return new TextTokenizer.Tokens(
                    Arrays.copyOf(ids, size),
                    Arrays.copyOf(starts, size),
                    Arrays.copyOf(ends, size),
                    Arrays.copyOf(words, size));
        }

        private void add(int id, int start, int end) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, 2 * size);
                starts = Arrays.copyOf(starts, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
                words = Arrays.copyOf(words, 2 * size);
            }
            words[size] = wordNumber;
            ids[size] = id;
            starts[size] = start;
            ends[size] = end;
            size++;
        }

        /** Adds a token that is a word of its own, whatever it looks like. */
        void addSpecial(int id, int start, int end) {
            add(id, start, end);
            wordNumber++;
        }

        /** Reads a stretch; returns false at a mark whose order matters. */
        boolean read(int from, int to) {
            BertUnicode unicode = BertUnicode.TABLE;
            int end;
            for (int at = from; at < to; at = end) {
                int codePoint = text.codePointAt(at);
                end = at + Character.charCount(codePoint);
                switch (unicode.kind(codePoint)) {
                    case BertUnicode.HARD -> {
                        return false;
                    }
                    case BertUnicode.HANGUL -> syllable(codePoint, at, end);
                    case BertUnicode.MAPPED -> {
                        for (int each : unicode.mapped(codePoint)) {
                            byte kind = unicode.kind(each);
                            normalised(each, kind == BertUnicode.REMOVED ? BertUnicode.KEPT : kind, at, end);
                        }
                    }
                    default -> normalised(codePoint, unicode.kind(codePoint), at, end);
                }
            }
            endWord();
            return true;
        }

        /** Takes one code point of the normalised text. What a mapping gives is mapped no further. */
        private void normalised(int codePoint, byte kind, int start, int end) {
            switch (kind) {
                case BertUnicode.REMOVED -> {}
                case BertUnicode.SPACE -> endWord();
                case BertUnicode.ALONE -> {
                    endWord();
                    letter(codePoint, start, end);
                    endWord();
                }
                default -> letter(codePoint, start, end);
            }
        }

        /** Takes a Hangul syllable apart (The Unicode Standard, 3.12). */
        private void syllable(int codePoint, int start, int end) {
            int index = codePoint - 0xac00;
            letter(0x1100 + index / 588, start, end);
            letter(0x1161 + index % 588 / 28, start, end);
            if (index % 28 != 0) {
                letter(0x11a7 + index % 28, start, end);
            }
        }

        private void letter(int codePoint, int start, int end) {
            if (length == word.length) {
                word = Arrays.copyOf(word, 2 * length);
                wordStarts = Arrays.copyOf(wordStarts, 2 * length);
                wordEnds = Arrays.copyOf(wordEnds, 2 * length);
            }
            word[length] = codePoint;
            wordStarts[length] = start;
            wordEnds[length] = end;
            length++;
        }

        /** Cuts the word into the longest pieces of the vocabulary, or makes it one unknown token. */
        private void endWord() {
            int before = size;
            for (int from = 0; from < length; ) {
                Trie trie = from == 0 ? vocabulary.words : vocabulary.continuations;
                int to = length > maxWordChars ? 0 : trie.longest(word, from, length);
                if (to <= from) {
                    size = before;
                    add(unknown, wordStarts[0], wordEnds[length - 1]);
                    break;
                }
                add(trie.id(word, from, to), wordStarts[from], wordEnds[to - 1]);
                from = to;
            }
            wordNumber += length > 0 ? 1 : 0;
            length = 0;
        }
    }

    /** Words to ids: the edges of all nodes in one hash table with open addressing. */
    private static final class Trie {
        private static final int BITS_OF_CODE_POINT = 21;

        private static final int FIRST_SLOTS = 1 << 17;

        private long[] edges = new long[FIRST_SLOTS]; // parent and code point, never 0
        private int[] children = new int[FIRST_SLOTS];
        private int[] ids = {-1};
        private int nodes = 1;

        void put(String token, int from, int id) {
            int node = 0;
            int codePoint;
            for (int i = from; i < token.length(); i += Character.charCount(codePoint)) {
                codePoint = token.codePointAt(i);
                node = childOrNew(node, codePoint);
            }
            ids[node] = id;
        }

        /** Returns the id of a token, -1 if it is none. */
        int id(String token) {
            int node = 0;
            int codePoint;
            for (int i = 0; i < token.length() && node >= 0; i += Character.charCount(codePoint)) {
                codePoint = token.codePointAt(i);
                node = child(node, codePoint);
            }
            return node < 0 ? -1 : ids[node];
        }

        private static long edge(int node, int codePoint) {
            return ((long) (node + 1) << BITS_OF_CODE_POINT) | codePoint;
        }

        private int slot(long edge) {
            long mixed = edge * 0x9e3779b97f4a7c15L; // Fibonacci hashing
            int slot = (int) (mixed >>> 40) & (edges.length - 1);
            while (edges[slot] != 0 && edges[slot] != edge) {
                slot = (slot + 1) & (edges.length - 1);
            }
            return slot;
        }

        private int child(int node, int codePoint) {
            int slot = slot(edge(node, codePoint));
            return edges[slot] == 0 ? -1 : children[slot];
        }

        private int childOrNew(int node, int codePoint) {
            int child = child(node, codePoint);
            if (child >= 0) {
                return child;
            }
            if (2 * nodes >= edges.length) {
                grow();
            }
            if (nodes == ids.length) {
                ids = Arrays.copyOf(ids, 2 * nodes);
                Arrays.fill(ids, nodes, ids.length, -1);
            }
            int slot = slot(edge(node, codePoint));
            edges[slot] = edge(node, codePoint);
            children[slot] = nodes;
            return nodes++;
        }

        private void grow() {
            long[] oldEdges = edges;
            int[] oldChildren = children;
            edges = new long[2 * oldEdges.length];
            children = new int[2 * oldEdges.length];
            for (int i = 0; i < oldEdges.length; i++) {
                if (oldEdges[i] != 0) {
                    int slot = slot(oldEdges[i]);
                    edges[slot] = oldEdges[i];
                    children[slot] = oldChildren[i];
                }
            }
        }

        /** Returns the end of the longest token that begins at an index; the index itself if there is none. */
        int longest(int[] word, int from, int to) {
            int node = 0;
            int longest = from;
            for (int i = from; i < to; i++) {
                node = child(node, word[i]);
                if (node < 0) {
                    break;
                }
                longest = ids[node] >= 0 ? i + 1 : longest;
            }
            return longest;
        }

        /** Returns the id of a token that is there. */
        int id(int[] word, int from, int to) {
            int node = 0;
            for (int i = from; i < to; i++) {
                node = child(node, word[i]);
            }
            return ids[node];
        }
    }
}
