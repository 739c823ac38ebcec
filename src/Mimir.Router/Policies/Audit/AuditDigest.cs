using System.Security.Cryptography;

namespace Mimir.Router.Policies.Audit;

/// <summary>The digest of bytes that are no line, however many: line feeds at their end are not a part of them.</summary>
internal sealed class AuditDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _feeds;

    /// <summary>That of what was added, in lower case digits.</summary>
    public string Value => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Adds what comes next.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.TrimEnd((byte)'\n');
        if (!text.IsEmpty)
        {
            for (; _feeds > 0; _feeds--)
            {
                _hash.AppendData("\n"u8);
            }

            _hash.AppendData(text);
        }

        _feeds += bytes.Length - text.Length;
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _ = _hash.GetHashAndReset();
        _feeds = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
