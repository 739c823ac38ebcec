using System.Text;
using Mimir.Router.State;

namespace Mimir.Router.Engine.Handlers;

/// <summary>logging/setLevel: remembered for the session and passed to every server it has open, now and later.</summary>
internal static class LoggingCalls
{
    public static void Run(ref Request request, RouterEngine engine)
    {
        var level = request.Envelope.Level.Exists ? Encoding.UTF8.GetString(request.Envelope.Level.Of(request.Frame)) : "";
        if (!LogLevels.All.Contains(level, StringComparer.Ordinal))
        {
            request.Refuse(new RouterError(ErrorCodes.InvalidParams, "params.level must be one of " + string.Join(", ", LogLevels.All) + "."));
            return;
        }

        var session = request.Session!;
        session.LogLevel = level;
        foreach (var pool in request.View.Pools)
        {
            if (request.Catalog.SlotOf(pool).Live is { } connection)
            {
                LogLevels.Apply(connection, engine);
            }
        }

        request.Answer("{}"u8);
    }
}
