namespace Mimir.Fuzz;

/// <summary>Makes a new input from the corpus: a seed or the splice of two, then a few random edits, mostly small ones.</summary>
internal sealed class Mutator(FuzzRandom random, IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> tokens)
{
    private const int MaxLength = 1 << 16;
    private const int UsualLength = 128;
    private const int UsualGrowth = 32;

    private static readonly byte[] s_interesting =
        [0, 1, 9, 10, 13, 32, (byte)'"', (byte)'\\', (byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)':', (byte)',', (byte)'-', (byte)'e', (byte)'0', 0x7F, 0x80, 0xBF, 0xC0, 0xED, 0xEF, 0xFE, 0xFF];

    private readonly byte[] _buffer = new byte[MaxLength * 2];
    private readonly byte[] _spare = new byte[MaxLength * 2];
    private int _length;
    private int _limit;

    /// <summary>The next input; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        // Many small inputs find more than few large ones; large ones are needed for what only size brings about.
        var seed = Pick(corpus);
        _limit = random.OneIn(256) ? MaxLength : Math.Max(UsualLength, seed.Length + UsualGrowth);
        Load(seed);
        if (random.OneIn(8))
        {
            Splice(Pick(corpus));
        }

        var edits = 1 + random.Below(random.OneIn(4) ? 16 : 4);
        for (var i = 0; i < edits; i++)
        {
            Edit();
        }

        return _buffer.AsSpan(0, _length);
    }

    private byte[] Pick(IReadOnlyList<byte[]> from) => from.Count == 0 ? [] : from[random.Below(from.Count)];

    private void Load(byte[] seed)
    {
        _length = Math.Min(seed.Length, _limit);
        seed.AsSpan(0, _length).CopyTo(_buffer);
    }

    private void Splice(byte[] other)
    {
        var head = random.Below(_length + 1);
        var tail = random.Below(other.Length + 1);
        _length = head;
        Insert(head, other.AsSpan(tail));
    }

    private void Edit()
    {
        var at = random.Below(_length + 1);
        var inside = random.Below(_length);
        switch (random.Below(64))
        {
            case < 10 when _length != 0:
                _buffer[inside] ^= (byte)(1 << random.Below(8));
                break;
            case < 16 when _length != 0:
                _buffer[inside] = random.Byte();
                break;
            case < 24 when _length != 0:
                _buffer[inside] = s_interesting[random.Below(s_interesting.Length)];
                break;
            case < 30:
                Insert(at, [s_interesting[random.Below(s_interesting.Length)]]);
                break;
            case < 42:
                Insert(at, Pick(tokens));
                break;
            case < 49:
                Remove(at, random.Below(random.OneIn(4) ? _length + 1 : 8));
                break;
            case < 55:
                Duplicate(at);
                break;
            case < 58:
                Insert(at, Pick(corpus));
                break;
            case < 60:
                Overwrite(inside, Pick(tokens));
                break;
            case < 61:
                Run(at, [s_interesting[random.Below(s_interesting.Length)]], 1 + random.Below(random.OneIn(16) ? 5000 : 200));
                break;
            case < 62:
                Run(at, Pick(tokens), 1 + random.Below(random.OneIn(16) ? 1000 : 40));
                break;
            case < 63:
                Nest(at);
                break;
            default:
                _length = at;
                break;
        }
    }

    private void Duplicate(int at)
    {
        var start = random.Below(_length);
        var length = random.Below(Math.Min(_length - start, random.OneIn(8) ? 512 : 32) + 1);
        _buffer.AsSpan(start, length).CopyTo(_spare);
        Insert(at, _spare.AsSpan(0, length));
    }

    private void Run(int at, ReadOnlySpan<byte> what, int times)
    {
        var length = 0;
        for (var i = 0; i < times && length + what.Length <= _limit; i++)
        {
            what.CopyTo(_spare.AsSpan(length));
            length += what.Length;
        }

        Insert(at, _spare.AsSpan(0, length));
    }

    private void Nest(int at)
    {
        var depth = 1 + random.Below(random.OneIn(8) ? 4000 : 80);
        var objects = random.OneIn(2);
        Run(at, objects ? "{\"a\":"u8 : "["u8, depth);
        Run(Math.Min(_length, at + (depth * (objects ? 5 : 1)) + random.Below(8)), objects ? "}"u8 : "]"u8, depth);
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _limit)
        {
            return;
        }

        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(at));
        _length += bytes.Length;
    }

    private void Overwrite(int at, ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(bytes.Length, _length - at);
        bytes[..length].CopyTo(_buffer.AsSpan(at));
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, _length - at);
        _buffer.AsSpan(at + count, _length - at - count).CopyTo(_buffer.AsSpan(at));
        _length -= count;
    }
}
