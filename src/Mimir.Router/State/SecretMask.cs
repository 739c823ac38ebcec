using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Mimir.Router.State;

/// <summary>
/// Takes the secrets of a server out of what it says, wherever its writes are cut. What may be the beginning of one is held until
/// it is known. For one thread at a time.
/// </summary>
public sealed class SecretMask
{
    /// <summary>A shorter secret is not looked for: it would be found in every other word.</summary>
    public const int LeastBytes = 6;

    private readonly ImmutableArray<byte[]> _secrets;
    private readonly SearchValues<byte> _firsts;
    private readonly ArrayBufferWriter<byte> _shown = new();
    private byte[] _held = [];

    private SecretMask(ImmutableArray<byte[]> secrets)
    {
        _secrets = secrets;
        _firsts = SearchValues.Create([.. secrets.Select(static s => s[0])]);
    }

    /// <summary>What is shown in a secret's place.</summary>
    public static ReadOnlySpan<byte> Instead => "[secret]"u8;

    /// <summary>Takes them out of a text that is whole.</summary>
    /// <param name="secrets">What to look for.</param>
    /// <param name="text">The text.</param>
    public static string Hide(ImmutableArray<string> secrets, string text) =>
        For(secrets) is { } mask ? Encoding.UTF8.GetString(mask.Show(Encoding.UTF8.GetBytes(text), isLast: true)) : text;

    /// <summary>Makes one.</summary>
    /// <param name="secrets">What to look for.</param>
    /// <returns>Null when there is nothing to look for.</returns>
    public static SecretMask? For(ImmutableArray<string> secrets)
    {
        ImmutableArray<byte[]> known = [.. secrets.Select(Encoding.UTF8.GetBytes).Where(static s => s.Length >= LeastBytes).OrderByDescending(static s => s.Length)];
        return known.IsEmpty ? null : new SecretMask(known);
    }

    /// <summary>Passes on what came, as far as it is known to hold no secret. Good until the next call.</summary>
    public ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> bytes) => Show(bytes, isLast: false);

    /// <summary>Passes on what is held: nothing comes any more.</summary>
    public ReadOnlySpan<byte> Rest() => Show([], isLast: true);

    private ReadOnlySpan<byte> Show(ReadOnlySpan<byte> bytes, bool isLast)
    {
        ReadOnlySpan<byte> rest = _held.Length == 0 ? bytes : [.. _held, .. bytes];
        _held = [];
        _shown.ResetWrittenCount();
        while (rest.IndexOfAny(_firsts) is var at and >= 0)
        {
            _shown.Write(rest[..at]);
            rest = rest[at..];
            if (!isLast && MayBegin(rest))
            {
                _held = rest.ToArray();
                return _shown.WrittenSpan;
            }

            var length = Match(rest);
            _shown.Write(length > 0 ? Instead : rest[..1]);
            rest = rest[Math.Max(length, 1)..];
        }

        _shown.Write(rest);
        return _shown.WrittenSpan;
    }

    /// <summary>Whether all that is there is the beginning of a secret, and not all of it.</summary>
    private bool MayBegin(ReadOnlySpan<byte> rest)
    {
        foreach (var secret in _secrets)
        {
            if (secret.Length > rest.Length && secret.AsSpan().StartsWith(rest))
                return true;
        }

        return false;
    }

    /// <summary>The length of the longest secret that stands here, or 0.</summary>
    private int Match(ReadOnlySpan<byte> rest)
    {
        foreach (var secret in _secrets)
        {
            if (rest.StartsWith(secret))
                return secret.Length;
        }

        return 0;
    }
}
