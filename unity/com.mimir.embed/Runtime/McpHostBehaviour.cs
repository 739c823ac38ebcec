using System;
using System.Collections.Generic;
using Mimir.Embed.Hosting;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Components;
using Mimir.Embed.Scene.Toolsets;
using Mimir.Embed.Threads;
using UnityEngine;

namespace Mimir.Embed.Unity
{
    /// <summary>
    /// An MCP server for as long as this component is enabled: put it on an object of the scene, or derive from it to add tools and to say what
    /// is shown. Tools run in <c>Update</c>, within a time a frame.
    /// </summary>
    public class McpHostBehaviour : MonoBehaviour
    {
        [SerializeField, Tooltip("What agents and routers know the game by. Empty for the product's name.")]
        private string hostName = "";

        [SerializeField, Range(0, 65535), Tooltip("The port on this machine; 0 for any that is free.")]
        private int port = 3000;

        [SerializeField, Tooltip("Take the next free port when this one is in use.")]
        private bool takesNextFreePort = true;

        [SerializeField, Tooltip("Only tools that change nothing.")]
        private bool isReadOnly;

        [SerializeField, Tooltip("Let routers of the same user find the game.")]
        private bool isAnnounced = true;

        [SerializeField, Tooltip("Add the tools for log, hierarchy, transforms, inspector and materials.")]
        private bool hasDefaultToolset = true;

        [SerializeField, Range(0.1f, 16f), Tooltip("Milliseconds a frame for what agents ask.")]
        private float millisecondsPerFrame = 2f;

        [SerializeField, Tooltip("What agents see and change: these objects, with what is in them. What is not here is not reached.")]
        private GameObject[] shownObjects = Array.Empty<GameObject>();

        [SerializeField, Tooltip("Show all objects of all loaded scenes instead.")]
        private bool showsEverything;

        private MainThreadQueue _queue;
        private FrameClock _clock;

        /// <summary>The host; null while this is disabled.</summary>
        public McpHost Host { get; private set; }

        /// <summary>What is shown of components, besides members marked with <see cref="ExposedAttribute"/>.</summary>
        public ExposureList Exposure { get; } = new ExposureList();

        /// <summary>Adds tools and databases, and says what is shown. Called before the host listens.</summary>
        /// <param name="host">The host.</param>
        protected virtual void Configure(McpHost host)
        {
        }

        /// <summary>The objects that are shown, each with what is in it: those of the inspector unless this says otherwise. Asked again each time.</summary>
        protected virtual IEnumerable<GameObject> ShownRoots() => showsEverything ? UnityScene.AllRoots : shownObjects;

        /// <summary>Which of them, and of what is in them, are shown. All of them unless this says otherwise.</summary>
        protected virtual bool IsShown(GameObject candidate) => true;

        /// <summary>Changes options before the host is made: a token, for instance, which belongs into no scene file.</summary>
        protected virtual void Prepare(McpHostOptions options)
        {
        }

        /// <summary>Starts the host.</summary>
        protected virtual void OnEnable()
        {
            _queue = new MainThreadQueue();
            _clock = new FrameClock();
            var log = new UnityLog();
            var options = new McpHostOptions
            {
                Name = string.IsNullOrWhiteSpace(hostName) ? Application.productName : hostName,
                Version = string.IsNullOrWhiteSpace(Application.version) ? "0" : Application.version,
                Port = port,
                TakesNextFreePort = takesNextFreePort,
                IsReadOnly = isReadOnly,
                IsAnnounced = isAnnounced,
                MainThread = _queue,
                Log = Debug.Log,
            };
            Prepare(options);
            Host = new McpHost(options).UseScene(new UnityScene(ShownRoots, IsShown, Exposure, _clock)).UseLogTool(log);
            if (hasDefaultToolset) Host.UseDefaultToolset();
            Configure(Host);
            try
            {
                Host.Start();
            }
            catch (InvalidOperationException e)
            {
                Debug.LogError(e.Message);
                Host.Dispose();
                Host = null;
            }
        }

        /// <summary>Runs what waits, within its time.</summary>
        protected virtual void Update()
        {
            if (Host == null) return;
            _clock.Tick(Time.unscaledDeltaTime);
            _queue.Pump(TimeSpan.FromMilliseconds(millisecondsPerFrame));
        }

        /// <summary>Stops the host.</summary>
        protected virtual void OnDisable()
        {
            Host?.Dispose();
            Host = null;
        }
    }
}
