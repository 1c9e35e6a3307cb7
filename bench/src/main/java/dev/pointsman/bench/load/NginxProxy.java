package dev.pointsman.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * nginx as a reverse proxy, set up as one would for this: two workers, connections to the upstream
 * kept, no log, bodies in memory, streams not buffered.
 */
final class NginxProxy {

    private static final String CONFIGURATION =
            """
            daemon off;
            master_process on;
            worker_processes 2;
            worker_rlimit_nofile 16384;
            %s
            pid %s/nginx.pid;
            error_log stderr error;
            events { worker_connections 8192; }
            http {
              access_log off;
              keepalive_timeout 600s;
              keepalive_requests 1000000000;
              tcp_nodelay on;
              client_max_body_size 0;
              client_body_buffer_size 1m;
              client_body_temp_path %2$s/body;
              proxy_temp_path %2$s/proxy;
              fastcgi_temp_path %2$s/fastcgi;
              uwsgi_temp_path %2$s/uwsgi;
              scgi_temp_path %2$s/scgi;
              upstream provider {
                server 127.0.0.1:%3$d;
                keepalive 1024;
                keepalive_requests 1000000000;
                keepalive_timeout 600s;
              }
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_read_timeout 600s;
              server {
                listen 127.0.0.1:%4$d reuseport backlog=4096;
                location / { proxy_pass http://provider; }
              }
              server {
                listen 127.0.0.1:%5$d reuseport backlog=4096;
                location / { proxy_pass http://provider; proxy_buffering off; }
              }
            }
            """;

    private NginxProxy() {}

    static Target start(String name, Path folder, int upstreamPort) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        List<Integer> ports = Program.freePorts(2);
        int port = ports.getFirst();
        int streamPort = ports.getLast();
        // without it the workers of a root's nginx become another user, who cannot read the folder
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        Path file = own.resolve("nginx.conf");
        Files.writeString(file, CONFIGURATION.formatted(user, own, upstreamPort, port, streamPort));
        Program program =
                Program.start(
                        List.of("nginx", "-p", own.toString(), "-c", file.toString()),
                        Target.log(folder, name));
        program.awaitPort(port, Duration.ofSeconds(10));
        return new Target(name, program, port, streamPort);
    }
}
