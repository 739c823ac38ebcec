using System.Text;

namespace Mimir.Functional.Clients;

/// <summary>Reads server-sent events off a stream.</summary>
internal sealed class SseReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 << 10];
    private readonly List<byte> _line = [];
    private int _at;
    private int _end;

    /// <summary>The next event, null at the end of the stream. An event without data is given as well: it may carry an id.</summary>
    public async Task<SseEvent?> ReadAsync(CancellationToken cancellationToken = default)
    {
        string? id = null, retry = null, type = null;
        List<byte>? data = null;
        while (await LineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (id is null && retry is null && data is null) continue;
                return new SseEvent(type ?? "message", data is null ? [] : [.. data], id, retry);
            }

            var colon = Array.IndexOf(line, (byte)':');
            if (colon == 0) continue;
            var name = Encoding.UTF8.GetString(line, 0, colon < 0 ? line.Length : colon);
            var value = colon < 0 ? [] : line[(colon + 1 < line.Length && line[colon + 1] == ' ' ? colon + 2 : colon + 1)..];
            switch (name)
            {
                case "data":
                    if (data is null) data = [.. value];
                    else data.AddRange([(byte)'\n', .. value]);
                    break;
                case "event": type = Encoding.UTF8.GetString(value); break;
                case "id": id = Encoding.UTF8.GetString(value); break;
                case "retry": retry = Encoding.UTF8.GetString(value); break;
            }
        }

        return null;
    }

    private async ValueTask<byte[]?> LineAsync(CancellationToken cancellationToken)
    {
        _line.Clear();
        while (true)
        {
            if (_at == _end)
            {
                _at = 0;
                _end = await stream.ReadAsync(_buffer, cancellationToken);
                if (_end == 0) return null;
            }

            var feed = Array.IndexOf(_buffer, (byte)'\n', _at, _end - _at);
            _line.AddRange(_buffer.AsSpan(_at, (feed < 0 ? _end : feed) - _at));
            _at = feed < 0 ? _end : feed + 1;
            if (feed < 0) continue;
            if (_line.Count > 0 && _line[^1] == '\r') _line.RemoveAt(_line.Count - 1);
            return [.. _line];
        }
    }
}
