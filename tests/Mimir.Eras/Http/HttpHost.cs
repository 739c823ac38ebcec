using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mimir.Eras.Server;

namespace Mimir.Eras.Http;

/// <summary>The server on a port of 127.0.0.1, in the one HTTP transport of its revision. Prints <c>listening URL</c> on stdout.</summary>
internal static class HttpHost
{
    /// <summary>Whoever asks for this path lets every session expire.</summary>
    private const string Expiry = "/expire";

    /// <summary>Serves until stdin ends.</summary>
    public static async Task RunAsync(EraServer server, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.Run(Handler(server));
        await app.StartAsync();
        server.Ledger.Start();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await Console.Out.WriteLineAsync($"listening {address}{(server.Era.EventStream ? EventStreamEndpoint.Path : StreamableReply.Path)}");

        // Whoever started the server ends it by closing its stdin, or by dying.
        var nothing = new byte[256];
        using var stdin = Console.OpenStandardInput();
        while (await stdin.ReadAsync(nothing) > 0)
        {
        }

        Environment.Exit(0);
    }

    private static RequestDelegate Handler(EraServer server)
    {
        if (server.Era.EventStream) return new EventStreamEndpoint(server).ServeAsync;
        RequestDelegate streamable = server.Era.Modern ? new ModernEndpoint(server).ServeAsync : new SessionEndpoint(server).ServeAsync;
        return http =>
        {
            if (http.Request.Path == StreamableReply.Path) return streamable(http);
            if (http.Request.Path == Expiry) server.Expire();
            else http.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
    }
}
