"""Writes the files beside this script, by which the readers are judged.

    pip install numpy pyarrow duckdb && python3 make_fixtures.py     (made with numpy 2.4.6, pyarrow 25.0.1, duckdb 1.5.6)

Number c of row r is (r * width + c) / 8 - 1 everywhere: exact in fp16, fp32 and fp64.
Parquet: 7 rows in row groups of 3; text is 4 wide, image 3 wide; broken rows are row 4 (row group 1, row 1).
"""
from pathlib import Path
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
ROWS, TEXT, IMAGE, GROUP = 7, 4, 3, 3


def numbers(rows, width, dtype):
    return (np.arange(rows * width).reshape(rows, width) / 8 - 1).astype(dtype)


def npy():
    folder = HERE / "npy"
    for name, dtype, version in (("f2_v1", "<f2", (1, 0)), ("f4_v2", "<f4", (2, 0)), ("f8_v3", "<f8", (3, 0))):
        with open(folder / f"{name}.npy", "wb") as f:
            np.lib.format.write_array(f, numbers(5, 4, dtype), version=version)
    np.save(folder / "fortran.npy", np.asfortranarray(numbers(5, 4, "<f4")))
    np.save(folder / "big_endian.npy", numbers(5, 4, ">f4"))
    np.save(folder / "int.npy", numbers(5, 4, "<i4"))
    np.save(folder / "one_dim.npy", numbers(5, 4, "<f4").ravel())
    np.save(folder / "three_dim.npy", numbers(4, 4, "<f4").reshape(2, 2, 4))
    np.save(folder / "empty.npy", numbers(0, 4, "<f2"))
    np.save(folder / "structured.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<f4")]))


def lists(width, kind):
    return pa.array(numbers(ROWS, width, np.float64).tolist(), type=pa.list_(kind))


def raw(width, dtype, kind):
    return pa.array([row.tobytes() for row in numbers(ROWS, width, dtype)], type=kind)


def keys():
    return pa.array([f"k{i}" for i in range(ROWS)])


def write(name, columns, **options):
    pq.write_table(pa.table(columns), HERE / "parquet" / f"{name}.parquet", row_group_size=GROUP, **options)


def pair(text, image, **more):
    return {"text_embedding": text, "image_embedding": image, **more}


def broken(name, text_row, image_row=None):
    text, image = numbers(ROWS, TEXT, np.float64).tolist(), numbers(ROWS, IMAGE, np.float64).tolist()
    text[4] = text_row
    image[4] = image[4] if image_row is None else image_row
    write(name, pair(pa.array(text, type=pa.list_(pa.float32())), pa.array(image, type=pa.list_(pa.float32())), key=keys()))


def parquet():
    f32, f64 = pa.float32(), pa.float64()
    write("list", {"Text_Embedding": lists(TEXT, f32), "IMAGE_embedding": lists(IMAGE, f32), "Key": keys()})
    write("plain", pair(lists(TEXT, f32), lists(IMAGE, f32), key=keys()), use_dictionary=False, compression="zstd")
    write("pages_v2", pair(lists(TEXT, f32), lists(IMAGE, f32), key=keys()), data_page_version="2.0", compression="gzip")
    write("double", pair(lists(TEXT, f64), lists(IMAGE, f64), key=pa.array(range(ROWS), type=pa.int64())))
    write("fixed_fp16", pair(raw(TEXT, "<f2", pa.binary(2 * TEXT)), raw(IMAGE, "<f2", pa.binary(2 * IMAGE))))
    declared = {"prior.text_width": str(TEXT), "prior.image_width": str(IMAGE), "prior.clip": "ViT-X"}
    table = pa.table(pair(raw(TEXT, "<f2", pa.binary(2 * TEXT)), raw(IMAGE, "<f4", pa.binary())))
    pq.write_table(table.replace_schema_metadata(declared), HERE / "parquet" / "declared_binary.parquet", row_group_size=GROUP)
    write("mixed_binary", pair(lists(TEXT, f32), raw(TEXT, "<f2", pa.binary())))
    write("encodings", pair(lists(TEXT, f32), lists(IMAGE, f32), tokens=pa.array(
        [[[i + j / 4] * TEXT for j in range(1 + i % 3)] for i in range(ROWS)], type=pa.list_(pa.list_(f32)))))
    write("strings", pair(pa.array(["[1,2]"] * ROWS), lists(IMAGE, f32)))
    write("integers", pair(lists(TEXT, f32), pa.array([[1, 2, 3]] * ROWS, type=pa.list_(pa.int32()))))
    write("half_list", pair(lists(TEXT, f32), pa.array(numbers(ROWS, IMAGE, np.float16).tolist(), type=pa.list_(pa.float16()))))
    broken("null_row", None)
    broken("null_element", [1, None, 3, 4])
    broken("empty_row", [])
    broken("short_row", [1, 2, 3])
    broken("long_row", [1, 2, 3, 4, 5])
    broken("nan", [1, 2, float("nan"), 4])
    broken("infinite", [1, 2, 3, 4], [1, float("-inf"), 3])
    broken("zero", [0, 0, 0, 0])
    key_gap = pa.array(["k0", "k1", "k2", "k3", None, "k5", "k6"])
    write("null_key", pair(lists(TEXT, f32), lists(IMAGE, f32), key=key_gap))


def other_writer():
    target = HERE / "parquet" / "duckdb.parquet"
    duckdb.sql(
        f"copy (select [(i*4)/8-1, (i*4+1)/8-1, (i*4+2)/8-1, (i*4+3)/8-1]::float[4] as text_embedding,"
        f" [(i*3)/8-1, (i*3+1)/8-1, (i*3+2)/8-1]::float[] as image_embedding, 'k' || i as key"
        f" from range({ROWS}) t(i)) to '{target}' (format parquet)")


npy()
parquet()
other_writer()
