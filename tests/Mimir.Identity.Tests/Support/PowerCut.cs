using Mimir.Router.Files;

namespace Mimir.Identity.Tests.Support;

/// <summary>
/// A disk with a cache. Bytes are certain once the file was flushed, names once their folder was; what is not certain may be there after a power
/// cut, be there in part, or not be there. It tells every state that a cut after each of its steps may leave.
/// </summary>
internal sealed class PowerCut : IDisk
{
    // Of a file: what is certain of its bytes (null for nothing), and what was written.
    private readonly List<Body> _bodies = [];
    private readonly Dictionary<string, Body> _names;
    private readonly List<Dictionary<string, Body>> _certain = [];
    private readonly List<(string Path, Body? Body)> _pending = [];

    /// <summary>A disk on which some files are certain.</summary>
    public PowerCut(IEnumerable<(string Path, byte[] Bytes)> files)
    {
        _names = files.ToDictionary(f => f.Path, f => new Body { Written = f.Bytes, Certain = f.Bytes }, StringComparer.Ordinal);
        _bodies.AddRange(_names.Values);
        _certain.Add(new Dictionary<string, Body>(_names, StringComparer.Ordinal));
    }

    /// <summary>How many steps were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Called after each step.</summary>
    public Action? AfterStep { get; set; }

    /// <summary>Every state a cut right now may leave: path and bytes of each file.</summary>
    public IEnumerable<Dictionary<string, byte[]>> States()
    {
        // Names reach the disk in any order, so each subset of those that are not certain is possible.
        for (var chosen = 0; chosen < 1 << _pending.Count; chosen++)
        {
            var names = new Dictionary<string, Body>(_certain[^1], StringComparer.Ordinal);
            for (var i = 0; i < _pending.Count; i++)
            {
                if ((chosen & (1 << i)) == 0) continue;
                if (_pending[i].Body is { } body) names[_pending[i].Path] = body;
                else names.Remove(_pending[i].Path);
            }

            var unsure = names.Values.Where(b => !ReferenceEquals(b.Written, b.Certain)).Distinct().ToList();
            foreach (var bytes in Choices(unsure, 0))
            {
                yield return names.ToDictionary(n => n.Key, n => bytes.GetValueOrDefault(n.Value, n.Value.Certain ?? []), StringComparer.Ordinal);
            }
        }
    }

    public IDiskFile Create(string path, UnixFileMode mode)
    {
        if (_names.ContainsKey(path)) throw new IOException("is there");
        var body = new Body();
        _bodies.Add(body);
        _names[path] = body;
        _pending.Add((path, body));
        Step();
        return new Writing(this, body);
    }

    public void Rename(string from, string to)
    {
        var body = _names[from];
        _names.Remove(from);
        _names[to] = body;
        _pending.Add((to, body));
        _pending.Add((from, null));
        Step();
    }

    public void MakeFolder(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path);
        Step();
    }

    public void FlushFolder(string path)
    {
        _certain.Add(new Dictionary<string, Body>(_names, StringComparer.Ordinal));
        _pending.Clear();
        Step();
    }

    public void Delete(string path)
    {
        if (_names.Remove(path)) _pending.Add((path, null));
        Step();
    }

    /// <summary>Each unsure file with nothing of what was written, with half of it, with all of it, and with zeros of its length.</summary>
    private static IEnumerable<Dictionary<Body, byte[]>> Choices(List<Body> unsure, int from)
    {
        if (from == unsure.Count)
        {
            yield return [];
            yield break;
        }

        var body = unsure[from];
        byte[][] may = [body.Certain ?? [], body.Written[..(body.Written.Length / 2)], body.Written, new byte[body.Written.Length]];
        foreach (var rest in Choices(unsure, from + 1))
        {
            foreach (var bytes in may) yield return new Dictionary<Body, byte[]>(rest) { [body] = bytes };
        }
    }

    private void Step()
    {
        Steps++;
        AfterStep?.Invoke();
    }

    private sealed class Body
    {
        public byte[]? Certain { get; set; }

        public byte[] Written { get; set; } = [];
    }

    private sealed class Writing(PowerCut disk, Body body) : IDiskFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            body.Written = bytes.ToArray();
            disk.Step();
        }

        public void Flush()
        {
            body.Certain = body.Written;
            disk.Step();
        }

        public void Dispose()
        {
        }
    }
}
