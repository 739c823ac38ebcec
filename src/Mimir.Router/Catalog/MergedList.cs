using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Catalog;

/// <summary>One list as clients of a kind see it: routes, and the bytes of its pages made ready once. Immutable.</summary>
public sealed class MergedList
{
    private readonly Dictionary<byte[], Route> _routes;
    private readonly Dictionary<byte[], Route>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly byte[][] _pages;
    private readonly int _pageSize;

    internal MergedList(ListKind kind, bool modern, IReadOnlyList<Route> routes, IReadOnlyList<HiddenEntry> hidden, long ttlMs, bool isPublic, int pageSize)
    {
        Kind = kind;
        Routes = [.. routes];
        Hidden = [.. hidden];
        _pageSize = pageSize;
        _routes = new Dictionary<byte[], Route>(routes.Count, Utf8Comparer.Instance);
        foreach (var route in routes)
        {
            _routes.TryAdd(route.Utf8Shown, route);
        }

        if (_routes.Count > 0)
        {
            _byName = _routes.GetAlternateLookup<ReadOnlySpan<byte>>();
        }

        _pages = new byte[Math.Max(1, (routes.Count + pageSize - 1) / pageSize)][];
        for (var i = 0; i < _pages.Length; i++)
        {
            _pages[i] = Render(i, modern, ttlMs, isPublic);
        }
    }

    private MergedList(ListKind kind, bool modern, IReadOnlyList<CatalogEntry> entries)
    {
        Kind = kind;
        Routes = [];
        Hidden = [];
        _pageSize = int.MaxValue;
        _routes = [];
        _pages = [Render(modern, 0, isPublic: false, entries.Count, (output, i) => output.Write(entries[i].Json), default)];
    }

    /// <summary>A list of what the router itself offers: nothing of it leads to a server.</summary>
    internal static MergedList Of(ListKind kind, bool modern, IReadOnlyList<CatalogEntry> entries) => new(kind, modern, entries);

    /// <summary>Which list.</summary>
    public ListKind Kind { get; }

    /// <summary>The entries in the order they are shown.</summary>
    public ImmutableArray<Route> Routes { get; }

    /// <summary>What is hidden by the merge, with the reason.</summary>
    public ImmutableArray<HiddenEntry> Hidden { get; }

    /// <summary>The JSON of <c>result</c> for the first page.</summary>
    public ReadOnlyMemory<byte> First => _pages[0];

    /// <summary>Finds an entry by the name or uri clients use, decoded.</summary>
    public Route? Find(ReadOnlySpan<byte> shown) => _routes.Count > 0 && _byName.TryGetValue(shown, out var route) ? route : null;

    /// <summary>Finds a page by the cursor that an earlier page gave.</summary>
    /// <returns>False for a cursor that was not made here, or whose place in the list is gone.</returns>
    public bool TryPage(ReadOnlySpan<byte> cursor, out ReadOnlyMemory<byte> page)
    {
        page = default;
        Span<byte> text = stackalloc byte[64];
        if (cursor.Length > 64 || !Cursors.TryRead(cursor, Kind, text, out var index, out var digest) || index <= 0)
        {
            return false;
        }

        // The cursor names the entry it stands behind, so that a list that changed meanwhile is either continued there or refused.
        var at = index * _pageSize - 1;
        if (index >= _pages.Length || at >= Routes.Length || !digest.SequenceEqual(Cursors.DigestOf(Routes[at])))
        {
            return false;
        }

        page = _pages[index];
        return true;
    }

    /// <summary>Tells whether two lists look alike to a client.</summary>
    public bool LooksLike(MergedList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_pages.Length != other._pages.Length)
        {
            return false;
        }

        for (var i = 0; i < _pages.Length; i++)
        {
            if (!_pages[i].AsSpan().SequenceEqual(other._pages[i]))
            {
                return false;
            }
        }

        return true;
    }

    private byte[] Render(int page, bool modern, long ttlMs, bool isPublic)
    {
        var from = page * _pageSize;
        var to = Math.Min(Routes.Length, from + _pageSize);
        return Render(
            modern, ttlMs, isPublic, to - from, (output, i) => WriteEntry(output, Routes[from + i]), to < Routes.Length ? Cursors.Make(Kind, page + 1, Routes[to - 1]) : default);
    }

    private byte[] Render(bool modern, long ttlMs, bool isPublic, int count, Action<ArrayBufferWriter<byte>, int> write, ReadOnlySpan<byte> cursor)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        output.Write("{"u8);
        if (modern)
        {
            output.Write("\"resultType\":\"complete\","u8);
        }

        output.Write("\""u8);
        output.Write(Encoding.ASCII.GetBytes(Kind.Member()));
        output.Write("\":["u8);
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            write(output, i);
        }

        output.Write("]"u8);
        if (!cursor.IsEmpty)
        {
            output.Write(",\"nextCursor\":\""u8);
            output.Write(cursor);
            output.Write("\""u8);
        }

        if (modern)
        {
            output.Write(",\"ttlMs\":"u8);
            output.Write(Encoding.ASCII.GetBytes(ttlMs.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            output.Write(isPublic ? ",\"cacheScope\":\"public\""u8 : ",\"cacheScope\":\"private\""u8);
        }

        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    internal static void WriteEntry(ArrayBufferWriter<byte> output, Route route)
    {
        if (!route.IsRenamed)
        {
            output.Write(route.Entry.Json);
            return;
        }

        var splices = default(SpliceList);
        splices.Replace(route.Entry.KeyAt, JsonEncodedText.Encode(route.Shown, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        splices.WriteTo(output, route.Entry.Json);
    }
}
