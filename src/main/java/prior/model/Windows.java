package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Views that share memory with the array they look at; a null array has null views.
 *
 * <p>Made by hand because {@code INDArray.get} compares a view's absolute offset with its length,
 * and silently answers with an empty array for a window far into a window.
 */
final class Windows {
  private Windows() {}

  /** Elements {@code from} to {@code to}, exclusive, of a vector. */
  static INDArray elements(INDArray vector, long from, long to) {
    return along(vector, 0, from, to);
  }

  /** Positions {@code from} to {@code to}, exclusive, along the first axis. */
  static INDArray rows(INDArray matrix, long from, long to) {
    return along(matrix, 0, from, to);
  }

  /** Columns {@code from} to {@code to}, exclusive, of a matrix. */
  static INDArray columns(INDArray matrix, long from, long to) {
    return along(matrix, 1, from, to);
  }

  /** Middle positions {@code from} to {@code to}, exclusive, of a rank-3 array. */
  static INDArray middle(INDArray array, long from, long to) {
    return along(array, 1, from, to);
  }

  /** Positions {@code from} to {@code to}, exclusive, along the third axis. */
  static INDArray third(INDArray array, long from, long to) {
    return along(array, 2, from, to);
  }

  /** One matrix of a rank-3 array. */
  static INDArray slice(INDArray array, long index) {
    long[] shape = {array.size(1), array.size(2)};
    long[] stride = {array.stride(1), array.stride(2)};
    return Nd4j.create(array.data(), shape, stride, array.offset() + index * array.stride(0), 'c');
  }

  /** The last row of each of some equal groups of a matrix's rows, {@code [groups, n]}. */
  static INDArray lastOfEach(INDArray matrix, long groups) {
    long each = matrix.size(0) / groups;
    long row = matrix.stride(0);
    long[] shape = {groups, matrix.size(1)};
    long[] stride = {each * row, matrix.stride(1)};
    return Nd4j.create(matrix.data(), shape, stride, matrix.offset() + (each - 1) * row, 'c');
  }

  /** The rows of a matrix {@code [R, n]} in equal groups, {@code [groups, R / groups, n]}. */
  static INDArray grouped(INDArray matrix, long groups) {
    long each = matrix.size(0) / groups;
    long row = matrix.stride(0);
    long[] shape = {groups, each, matrix.size(1)};
    long[] stride = {each * row, row, matrix.stride(1)};
    return Nd4j.create(matrix.data(), shape, stride, matrix.offset(), 'c');
  }

  private static INDArray along(INDArray array, int axis, long from, long to) {
    if (array == null) {
      return null;
    }
    long[] shape = array.shape().clone();
    shape[axis] = to - from;
    long offset = array.offset() + from * array.stride(axis);
    return Nd4j.create(array.data(), shape, array.stride().clone(), offset, 'c');
  }
}
