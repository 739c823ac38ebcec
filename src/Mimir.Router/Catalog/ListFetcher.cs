using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Catalog;

/// <summary>Fetches all pages of a list, bounded, hiding entries that are malformed.</summary>
internal static class ListFetcher
{
    private const int MostPages = 1000;
    private const int MostEntries = 100_000;

    private const long MostBytes = 256L << 20;

    /// <exception cref="RequestFailed">The server gave no answer, or an error: what was last known good holds then.</exception>
    public static async Task<ServerList> FetchAsync(UpstreamConnection connection, ListKind kind, CancellationToken cancellationToken)
    {
        if (!connection.Handshake.Has(kind.Capability()) && connection.Handshake != Handshake.None)
        {
            return ServerList.Empty;
        }

        var builder = new Builder(connection, kind);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await AskAsync(connection, kind, cursor, cancellationToken).ConfigureAwait(false);
            cursor = builder.AddPage(answer);
            if (cursor is null)
            {
                return builder.Build();
            }

            if (!seen.Add(cursor))
            {
                builder.Note("the server's pages go round in a circle; what came before was kept");
                return builder.Build();
            }

            bytes += answer.Length;
            if (builder.Count > MostEntries || bytes > MostBytes)
            {
                break;
            }
        }

        builder.Note($"the list is longer than {MostPages} pages, {MostEntries} entries or {MostBytes >> 20} MiB; the rest was left out");
        return builder.Build();
    }

    /// <summary>Asks for a page. When the wire of that one request breaks and the server is still there, once more: asking changes nothing.</summary>
    private static async Task<byte[]> AskAsync(UpstreamConnection connection, ListKind kind, string? cursor, CancellationToken cancellationToken)
    {
        Action<Utf8JsonWriter>? at = cursor is null ? null : json => json.WriteString("cursor"u8, cursor);
        try
        {
            return await connection.RequestAsync(kind.Method(), at, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailed e) when (e.Error.Code == ErrorCodes.ServerLost && connection.IsOpen)
        {
            return await connection.RequestAsync(kind.Method(), at, cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed class Builder(UpstreamConnection connection, ListKind kind)
    {
        private readonly ImmutableArray<CatalogEntry>.Builder _entries = ImmutableArray.CreateBuilder<CatalogEntry>();
        private readonly ImmutableArray<string>.Builder _hidden = ImmutableArray.CreateBuilder<string>();
        private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
        private readonly bool _dropsBadMirrors = connection.Order.Era == Era.Modern && connection.Server.Transport is HttpModel;
        private long _ttl = long.MaxValue;
        private bool _public = true;

        public int Count => _entries.Count;

        public void Note(string text) => _hidden.Add(text);

        public ServerList Build() => new()
        {
            Entries = _entries.ToImmutable(),
            Hidden = _hidden.ToImmutable(),
            TtlMs = _ttl == long.MaxValue ? 0 : _ttl,
            Public = _public && _ttl != long.MaxValue,
        };

        /// <param name="answer">The whole answer. A server that lacks the method has an empty list.</param>
        /// <returns>The next cursor, or null.</returns>
        /// <exception cref="RequestFailed">It is an error, or no list.</exception>
        public string? AddPage(byte[] answer)
        {
            using var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 128 });
            if (!document.RootElement.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Object
                || !result.TryGetProperty(kind.Member(), out var entries) || entries.ValueKind != JsonValueKind.Array)
            {
                return ErrorOf(document.RootElement) is { Code: ErrorCodes.MethodNotFound }
                    ? null
                    : throw new RequestFailed(ErrorOf(document.RootElement) ?? new RouterError(ErrorCodes.InternalError, $"the answer holds no {kind.Member()}"));
            }

            if (result.TryGetProperty("ttlMs", out var ttl) && ttl.ValueKind == JsonValueKind.Number && ttl.TryGetInt64(out var milliseconds) && milliseconds >= 0)
            {
                _ttl = Math.Min(_ttl, milliseconds);
            }

            _public &= result.TryGetProperty("cacheScope", out var scope) && scope.ValueKind == JsonValueKind.String && scope.ValueEquals("public"u8);
            foreach (var entry in entries.EnumerateArray())
            {
                if (_entries.Count <= MostEntries)
                {
                    Add(entry);
                }
            }

            try
            {
                return result.TryGetProperty("nextCursor", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                Note("the next cursor is not valid text; what came before was kept");
                return null;
            }
        }

        private RouterError? ErrorOf(JsonElement answer)
        {
            try
            {
                return answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                    && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number)
                    ? new RouterError(number, $"error {number}: {(error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? Shown(ServerText.Of(connection.Server.Transport, text.GetString()!)) : "")}")
                    : null;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }

        private void Add(JsonElement entry)
        {
            try
            {
                if (Problem(entry) is { } problem)
                {
                    Note(problem);
                    return;
                }

                var json = Encoding.UTF8.GetBytes(entry.GetRawText());
                var (at, key) = EntryKey.Find(json, kind, out var ambiguous);
                if (ambiguous)
                {
                    Note($"'{Shown(key)}' has its {kind.KeyMember()} twice");
                    return;
                }

                var parameters = ParamHeaders.None;
                if (kind == ListKind.Tools && !ParamHeaders.TryParse(Encoding.UTF8.GetBytes(entry.GetProperty("inputSchema").GetRawText()), out parameters, out var reason))
                {
                    parameters = ParamHeaders.None;
                    if (_dropsBadMirrors)
                    {
                        Note($"tool '{Shown(key)}': {reason}");
                        return;
                    }
                }

                if (!_keys.Add(key))
                {
                    Note($"'{Shown(key)}' is there twice; the first one is kept");
                    return;
                }

                _entries.Add(new CatalogEntry(json, at, key) { Parameters = parameters, IsIdempotent = kind == ListKind.Tools && SaysIdempotent(entry) });
            }
            catch (Exception e) when (e is InvalidOperationException or JsonException)
            {
                Note($"entry {_entries.Count + _hidden.Count} is not valid text");
            }
        }

        private static bool SaysIdempotent(JsonElement tool) =>
            tool.TryGetProperty("annotations", out var hints) && hints.ValueKind == JsonValueKind.Object
            && ((hints.TryGetProperty("idempotentHint", out var idempotent) && idempotent.ValueKind == JsonValueKind.True)
                || (hints.TryGetProperty("readOnlyHint", out var reads) && reads.ValueKind == JsonValueKind.True));

        private string? Problem(JsonElement entry)
        {
            var member = kind.KeyMember();
            if (entry.ValueKind != JsonValueKind.Object)
            {
                return $"entry {_entries.Count + _hidden.Count} is no object";
            }

            if (!entry.TryGetProperty(member, out var key) || key.ValueKind != JsonValueKind.String || key.GetString() is not { Length: > 0 and <= 4096 } name)
            {
                return $"entry {_entries.Count + _hidden.Count} has no {member} of 1 to 4096 characters";
            }

            if (kind == ListKind.Tools && (!entry.TryGetProperty("inputSchema", out var schema) || schema.ValueKind != JsonValueKind.Object))
            {
                return $"tool '{Shown(name)}' has no inputSchema object";
            }

            return null;
        }

        private static string Shown(string text)
        {
            var shown = text.Length > 80 ? text[..80] + "..." : text;
            return string.Create(shown.Length, shown, static (span, s) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(s[i]) ? '?' : s[i];
                }
            });
        }
    }
}
