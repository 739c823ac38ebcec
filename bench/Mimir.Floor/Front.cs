using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Mimir.Epoll;

namespace Mimir.Floor;

/// <summary>Kestrel with one handler and as little around it as it allows.</summary>
internal static class Front
{
    private const long LargestBody = 64 << 20;

    public static Task RunAsync(ushort port, RequestDelegate handler)
    {
        StdinGuard.ExitAtEndOfInput();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LargestBody;
            options.Listen(IPAddress.Loopback, port, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(handler);
        return app.RunAsync();
    }
}
