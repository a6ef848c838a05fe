package prior.data;

import java.io.Serializable;

/**
 * Where the encodings of a text's tokens lie.
 *
 * @param column one matrix (tokens x width) a row
 * @param width numbers of a token
 * @param mask column of which tokens count; null where tokens of zeros are padding
 */
public record EncodingColumns(String column, int width, String mask) implements Serializable {}
