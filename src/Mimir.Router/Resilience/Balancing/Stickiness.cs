using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Resilience.Balancing;

/// <summary>What keeps calls together.</summary>
public static class Stickiness
{
    /// <summary>Nothing keeps the call together with others.</summary>
    public const ulong None = 0;

    private const int Deepest = 256;

    /// <summary>
    /// The digest of what keeps a call together with others. A client that has no session is known by its line if it has one to itself.
    /// Over HTTP nothing tells such clients from one another: connections are shared by proxies and left by clients at any time, and
    /// what clients say of themselves (<c>clientInfo</c>) is the same wherever the same program runs.
    /// </summary>
    /// <param name="cluster">What it is; null for nothing.</param>
    /// <param name="session">The client's session, or null.</param>
    /// <param name="principal">Who the client is, for one that has no session: where it comes in, a line feed and more. Nothing stands
    /// before the line feed where all come in by the same door.</param>
    /// <param name="arguments">The JSON object of the call's arguments; empty for none.</param>
    /// <returns><see cref="None"/> when it may go anywhere.</returns>
    public static ulong Of(ClusterModel? cluster, object? session, string principal, ReadOnlySpan<byte> arguments)
    {
        if (cluster is not { Balancer: BalancerKind.Sticky })
        {
            return None;
        }

        ArgumentNullException.ThrowIfNull(principal);
        if (cluster.StickyArgument is { } name && Find(arguments, name) is { IsEmpty: false } value)
        {
            return Digests.Of(value);
        }

        return session is not null ? Digests.Mix((ulong)RuntimeHelpers.GetHashCode(session), "session")
            : principal.StartsWith('\n') ? None
            : Digests.Of(Encoding.UTF8.GetBytes(principal));
    }

    /// <summary>The value of one argument as it stands in the call; empty when it is not there.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> arguments, string name)
    {
        if (arguments.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(arguments, new JsonReaderOptions { MaxDepth = Deepest });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = reader.ValueTextEquals(name);
                reader.Read();
                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isIt)
                {
                    return arguments[from..(int)reader.BytesConsumed];
                }
            }
        }
        catch (JsonException)
        {
            // The server will say so.
        }

        return default;
    }
}
