using System;
using System.Buffers;
using System.Text.Json;

namespace AcsIdentity.Shared;

/// <summary>Writes JSON objects as UTF-8.</summary>
internal static class JsonText
{
    public static byte[] Write(Action<Utf8JsonWriter> writeMembers, JsonWriterOptions format = default)
    {
        var buffer = new Buffer();
        using (var json = new Utf8JsonWriter(buffer, format))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Has room for most objects at once. With a stream, the writer allocates 4 KiB more for any text of 80 characters.</summary>
    private sealed class Buffer : IBufferWriter<byte>
    {
        private byte[] _bytes = new byte[768];
        private int _length;

        public void Advance(int count) => _length += count;

        public Memory<byte> GetMemory(int sizeHint)
        {
            if (_bytes.Length - _length < Math.Max(sizeHint, 1))
            {
                Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + sizeHint));
            }

            return _bytes.AsMemory(_length);
        }

        public Span<byte> GetSpan(int sizeHint) => GetMemory(sizeHint).Span;

        public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();
    }
}
