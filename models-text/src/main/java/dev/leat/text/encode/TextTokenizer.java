package dev.leat.text.encode;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.leat.ModelLoadException;
import dev.leat.TokenizerException;
import dev.leat.model.ModelFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The encoder's tokenizer: text to token ids without special tokens, with the place of each token in the text.
 *
 * <p>An uncased BERT tokenizer is read by {@link WordPiece}, in Java; any other one, and the few texts that it leaves
 * alone, by Hugging Face's native one, which is loaded when it is first needed. Thread-safe; {@link #close} waits for
 * running calls. Never truncates or pads, whatever its file says.
 */
public final class TextTokenizer implements AutoCloseable {

    /*
     * DJL's tokenizer asks the network who its host is, unless told not to before the first of its classes is loaded.
     * This is the one place where Leat sets system properties, and it leaves alone what the host has set.
     */
    private static final Map<String, String> QUIET = Map.of("ai.djl.offline", "true", "OPT_OUT_TRACKING", "true");

    private final ModelFolder folder;
    private final String file;
    private final @Nullable WordPiece wordPiece;
    private final SpecialTokens special;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private @Nullable HuggingFaceTokenizer tokenizer; // guarded by lock
    private boolean closed; // guarded by lock

    private TextTokenizer(
            ModelFolder folder,
            String file,
            @Nullable WordPiece wordPiece,
            @Nullable HuggingFaceTokenizer tokenizer,
            SpecialTokens special) {
        this.folder = folder;
        this.file = file;
        this.wordPiece = wordPiece;
        this.tokenizer = tokenizer;
        this.special = special;
    }

    /**
     * Token ids and where they are in the text; owns its arrays, which nobody writes.
     *
     * @param ids without special tokens
     * @param starts the index of a token's first char in the text (UTF-16)
     * @param ends one past its last
     * @param words the number of the word that a token is a piece of, ascending
     */
    public record Tokens(long[] ids, int[] starts, int[] ends, int[] words) {

        /**
         * Returns how many there are.
         *
         * @return not negative
         */
        public int size() {
            return ids.length;
        }
    }

    /**
     * Opens a tokenizer; the caller closes it.
     *
     * @param folder the encoder's folder
     * @param file a {@code tokenizer.json} in it
     * @return the tokenizer
     * @throws ModelLoadException if the file is none, it does not put one token before a text and one after it, or native
     *     code cannot be loaded
     */
    public static TextTokenizer open(ModelFolder folder, String file) {
        byte[] json = folder.bytes(file);
        WordPiece wordPiece = WordPiece.of(json).orElse(null);
        if (wordPiece != null) {
            return new TextTokenizer(folder, file, wordPiece, null, wordPiece.ends());
        }
        HuggingFaceTokenizer loaded = loadNative(folder, file);
        try {
            return new TextTokenizer(folder, file, null, loaded, special(folder, file, loaded));
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    private static SpecialTokens special(ModelFolder folder, String file, HuggingFaceTokenizer tokenizer) {
        long[] ids = tokenizer.encode("", true, false).getIds();
        if (ids.length != SpecialTokens.COUNT) {
            throw failed(
                    folder.id(),
                    file + " puts " + ids.length + " special tokens around a text, expected one before it and one after"
                            + " it, as BERT and RoBERTa have them. Use an encoder of that kind, or correct"
                            + " 'post_processor'",
                    null);
        }
        return new SpecialTokens(ids[0], ids[1]);
    }

    /**
     * Returns the tokens that stand at both ends of a window.
     *
     * @return as the file names them
     */
    public SpecialTokens special() {
        return special;
    }

    private static HuggingFaceTokenizer loadNative(ModelFolder folder, String file) {
        QUIET.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        byte[] json = folder.bytes(file);
        try {
            Map<String, String> options = Map.of(
                    "addSpecialTokens", "false", "truncation", "false", "padding", "false", "modelMaxLength", "-1");
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (IOException | RuntimeException e) {
            throw failed(folder.id(), file + " is no tokenizer that can be read. Restore the file", e);
        } catch (LinkageError e) {
            throw failed(
                    folder.id(),
                    "the tokenizer's native library cannot be loaded. It needs Linux with glibc, macOS on arm64 or"
                            + " Windows on x64, and a home directory to unpack itself into (or DJL_CACHE_DIR)."
                            + " Stages that are rules work without it",
                    e);
        }
    }

    private static ModelLoadException failed(String id, String what, @Nullable Throwable cause) {
        return new ModelLoadException(id, "Model '" + id + "': " + what + ".", cause);
    }

    /**
     * Splits a text into tokens.
     *
     * @param text any string
     * @return its tokens; none for a text of spaces and control characters
     * @throws TokenizerException if the tokenizer fails
     */
    public Tokens tokenize(String text) {
        requireOpen();
        Tokens tokens = wordPiece == null ? null : wordPiece.tokenize(text);
        return tokens == null ? tokenizeNatively(text) : tokens;
    }

    private void requireOpen() {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("TextTokenizer of '" + folder.id() + "' is closed");
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Splits a text with the native tokenizer. */
    Tokens tokenizeNatively(String text) {
        ensureNative();
        String safe = withoutTraps(text);
        Encoding encoding;
        lock.readLock().lock();
        try {
            if (closed || tokenizer == null) {
                throw new IllegalStateException("TextTokenizer of '" + folder.id() + "' is closed");
            }
            encoding = tokenizer.encode(safe, false, false);
        } catch (IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new TokenizerException(
                    "The tokenizer of model '" + folder.id() + "' failed on a text of " + text.length() + " chars", e);
        } finally {
            lock.readLock().unlock();
        }
        return tokens(encoding, charIndexes(safe));
    }

    private void ensureNative() {
        lock.readLock().lock();
        try {
            if (tokenizer != null || closed) {
                return;
            }
        } finally {
            lock.readLock().unlock();
        }
        lock.writeLock().lock();
        try {
            if (tokenizer == null && !closed) {
                tokenizer = loadNative(folder, file);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Returns whether the native tokenizer is loaded. */
    boolean isNativeLoaded() {
        lock.readLock().lock();
        try {
            return tokenizer != null;
        } finally {
            lock.readLock().unlock();
        }
    }

    private static Tokens tokens(Encoding encoding, int @Nullable [] charIndexes) {
        long[] ids = encoding.getIds();
        @Nullable CharSpan[] spans = encoding.getCharTokenSpans();
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            if (span != null) {
                starts[i] = charIndexes == null ? span.getStart() : charIndexes[span.getStart()];
                ends[i] = charIndexes == null ? span.getEnd() : charIndexes[span.getEnd()];
            }
        }
        int[] words =
                Arrays.stream(encoding.getWordIds()).mapToInt(Math::toIntExact).toArray();
        return new Tokens(ids, starts, ends, words);
    }

    /**
     * Replaces what the way into native code would drop (NUL, lone surrogates), shifting every offset behind it, by the
     * replacement character, which the tokenizer itself ignores as it ignores NUL.
     */
    private static String withoutTraps(String text) {
        char[] chars = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                chars = chars == null ? text.toCharArray() : chars;
                chars[i] = '\ufffd';
            }
        }
        return chars == null ? text : new String(chars);
    }

    /** Returns the index of the char where each code point begins, and the length; null if every one is a char. */
    private static int @Nullable [] charIndexes(String text) {
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == text.length()) {
            return null;
        }
        int[] indexes = new int[codePoints + 1];
        int at = 0;
        for (int i = 0; i < codePoints; i++) {
            indexes[i] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        indexes[codePoints] = at;
        return Arrays.copyOf(indexes, codePoints + 1);
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            if (tokenizer != null) {
                tokenizer.close();
                tokenizer = null;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
