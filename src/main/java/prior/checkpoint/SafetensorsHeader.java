package prior.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import prior.data.DataFaults;
import prior.fault.UserFault;

/**
 * Reads the JSON of a safetensors header token by token, so that a hostile one costs no more than
 * its own bytes. What it says is checked by {@link TensorPlacement}.
 */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";
  private static final JsonMapper JSON = new JsonMapper();

  private final String file;
  private final Map<String, TensorDeclaration> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private boolean metadataSeen;

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  static SafetensorsHeader parse(String file, byte[] text) {
    SafetensorsHeader header = new SafetensorsHeader(file);
    try (Reader reader = strictUtf8(text);
        JsonParser json = JSON.getFactory().createParser(reader)) {
      header.readAll(json);
    } catch (IOException e) {
      throw DataFaults.unreadable(
          file, "the header cannot be parsed", "one JSON object", Shown.text(e.getMessage()));
    }
    return header;
  }

  Map<String, TensorDeclaration> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private static Reader strictUtf8(byte[] text) {
    return new InputStreamReader(
        new ByteArrayInputStream(text), StandardCharsets.UTF_8.newDecoder());
  }

  private void readAll(JsonParser json) throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, "the header");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      readMember(json, json.getCurrentName());
    }
    expect(json.nextToken(), null, "the end of the header");
  }

  private void readMember(JsonParser json, String name) throws IOException {
    json.nextToken();
    if (name.equals(METADATA)) {
      refuseIf(metadataSeen, METADATA, "the name occurs twice", "each name once");
      metadataSeen = true;
      readMetadata(json);
    } else {
      refuseIf(tensors.containsKey(name), name, "the name occurs twice", "each name once");
      tensors.put(name, readTensor(json, name));
    }
  }

  private void readMetadata(JsonParser json) throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, METADATA);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.getCurrentName();
      expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA);
      refuseIf(metadata.containsKey(key), METADATA, "a key occurs twice", "each key once");
      metadata.put(key, json.getText());
    }
  }

  private TensorDeclaration readTensor(JsonParser json, String name) throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, name);
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.getCurrentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = once(type, readText(json, name), name, key);
        case "shape" -> shape = once(shape, readNumbers(json, name), name, key);
        case "data_offsets" -> offsets = once(offsets, readNumbers(json, name), name, key);
        default -> throw refusal(name, "unknown key", "dtype, shape, data_offsets", key);
      }
    }
    boolean whole = type != null && shape != null && offsets != null && offsets.size() == 2;
    refuseIf(!whole, name, "the entry is not whole", "dtype, shape and two data_offsets");
    return new TensorDeclaration(name, type, shape, offsets.get(0), offsets.get(1));
  }

  private <T> T once(T before, T now, String tensor, String key) {
    refuseIf(before != null, tensor, "the key " + key + " occurs twice", "each key once");
    return now;
  }

  private String readText(JsonParser json, String tensor) throws IOException {
    expect(json.currentToken(), JsonToken.VALUE_STRING, tensor);
    return json.getText();
  }

  private List<Long> readNumbers(JsonParser json, String tensor) throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY, tensor);
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, tensor);
      numbers.add(json.getLongValue());
    }
    return numbers;
  }

  private void expect(JsonToken found, JsonToken expected, String where) {
    if (found != expected) {
      throw refusal(where, "the header has another form", described(expected), described(found));
    }
  }

  private static String described(JsonToken token) {
    return token == null ? "nothing more" : token.name();
  }

  private void refuseIf(boolean wrong, String tensor, String why, String expected) {
    if (wrong) {
      throw refusal(tensor, why, expected, "'" + Shown.text(tensor) + "'");
    }
  }

  private UserFault refusal(String tensor, String why, String expected, String found) {
    return DataFaults.unreadable(Shown.tensor(file, tensor), why, expected, Shown.text(found));
  }
}
