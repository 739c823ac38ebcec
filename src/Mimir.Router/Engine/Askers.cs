using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Engine;

/// <summary>
/// Which of several servers of the stateless era asked what, by the state they gave: the client's next request has to go back there.
/// The newest <see cref="Most"/> are known, each as long as a client may take to answer. Thread-safe.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="lifetime">How long one is known.</param>
internal sealed class Askers(MonotonicClock clock, TimeSpan lifetime)
{
    /// <summary>Most that are known.</summary>
    public const int Most = 10_000;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = EnvelopeScanner.MostDepth };
    private readonly ConcurrentDictionary<UInt128, (ServerPool Pool, long Until)> _known = new();
    private readonly ConcurrentQueue<UInt128> _order = new();

    /// <summary>Notes who gave a state.</summary>
    /// <param name="frame">The answer.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="pool">Whose it is.</param>
    public void Note(ReadOnlySpan<byte> frame, in Envelope envelope, ServerPool pool)
    {
        if (!envelope.ResultType.Exists || !envelope.ResultType.Of(frame).SequenceEqual("input_required"u8))
        {
            return;
        }

        if (TryRead(envelope.Result.Of(frame), out var key))
        {
            _known[key] = (pool, clock.Now + (long)lifetime.TotalMilliseconds);
            _order.Enqueue(key);
            while (_order.Count > Most && _order.TryDequeue(out var oldest))
            {
                _known.TryRemove(oldest, out _);
            }
        }
    }

    /// <summary>Who gave a state; null when it is not known.</summary>
    /// <param name="state">The value of <c>params.requestState</c>, quotes included.</param>
    public ServerPool? Find(ReadOnlySpan<byte> state)
    {
        var reader = new Utf8JsonReader(state, Deep);
        return TryDigest(ref reader, out var key) && _known.TryGetValue(key, out var found) && clock.Now < found.Until ? found.Pool : null;
    }

    /// <summary>Finds the state in a result. It comes from outside: what cannot be read is nobody's, and the answer goes on as it came.</summary>
    private static bool TryRead(ReadOnlySpan<byte> result, out UInt128 key)
    {
        key = default;
        var reader = new Utf8JsonReader(result, Deep);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("requestState"u8))
                {
                    return TryDigest(ref reader, out key);
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not read to its end.
        }

        return false;
    }

    private static bool TryDigest(ref Utf8JsonReader reader, out UInt128 key)
    {
        key = default;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                return false;
            }

            key = KeyOf(System.Text.Encoding.UTF8.GetBytes(reader.GetString()!));
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An escape that stands for no character.
            return false;
        }
    }

    private static UInt128 KeyOf(ReadOnlySpan<byte> state)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(state, hash);
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
    }
}
